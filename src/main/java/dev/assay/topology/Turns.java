package dev.assay.topology;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A waiting line in which parties take turns: one item each, in the order they came; within a
/// party first come, first served.
///
/// Every operation takes constant time, and a party is forgotten when nothing of it waits. Used by
/// one thread.
///
/// @param <P> who takes turns
/// @param <T> what waits, compared by `equals`
final class Turns<P, T> {

    private final Map<P, LinkedHashSet<T>> parties = new LinkedHashMap<>();
    private int size;

    void add(P party, T item) {
        if (parties.computeIfAbsent(party, _ -> new LinkedHashSet<>()).add(item)) {
            size++;
        }
    }

    /// Whose turn it is; stays where it is.
    Optional<T> next() {
        return parties.isEmpty()
                ? Optional.empty()
                : Optional.of(parties.values().iterator().next().getFirst());
    }

    /// The item has had its turn; its party's next one waits until all others have had theirs.
    void took(P party, T item) {
        remove(party, item);
        LinkedHashSet<T> rest = parties.remove(party);
        if (rest != null) {
            parties.put(party, rest);
        }
    }

    /// The item waits no more, without having had a turn.
    void remove(P party, T item) {
        LinkedHashSet<T> items = parties.get(party);
        if (items != null && items.remove(item)) {
            size--;
            if (items.isEmpty()) {
                parties.remove(party);
            }
        }
    }

    /// All that waits, party by party.
    List<T> all() {
        return parties.values().stream().flatMap(LinkedHashSet::stream).toList();
    }

    int size() {
        return size;
    }

    /// Parties of which anything waits.
    int partyCount() {
        return parties.size();
    }
}
