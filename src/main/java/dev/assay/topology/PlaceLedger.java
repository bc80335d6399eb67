package dev.assay.topology;

import dev.assay.codec.PlaceCodec;
import dev.assay.codec.StoreCodec;
import dev.assay.decide.place.PlaceBook;
import dev.assay.decide.place.PlaceClaim;
import dev.assay.decide.place.PlaceGrant;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The ledger's part that lets places in flight. One task keeps the book of a model. Used by the
/// task's stream thread.
final class PlaceLedger {

    /// What the topology file says of a model.
    ///
    /// @param inFlight calls at once, of all instances
    /// @param timeout the longest that one takes
    record Terms(int inFlight, Duration timeout) {}

    private final KeyValueStore<String, byte[]> store;
    private final Map<String, Terms> terms;
    private final InstantSource steady;

    /// In memory as well, since the store knows no times.
    private final Map<String, PlaceBook> books = new HashMap<>();

    /// @param terms by model
    /// @param steady a clock that never jumps
    PlaceLedger(
            KeyValueStore<String, byte[]> store, Map<String, Terms> terms, InstantSource steady) {
        this.store = store;
        this.terms = terms;
        this.steady = steady;
    }

    /// Takes over what the store has, if that is of a model.
    boolean restored(KeyValue<String, byte[]> entry) {
        Optional<String> model = PlaceCodec.model(entry.key);
        model.ifPresent(
                name -> books.put(name, StoreCodec.decodePlaces(entry.value, steady.instant())));
        return model.isPresent();
    }

    /// Enters a claim and answers it. A model that this instance does not know has no answer; one
    /// that does will have the ledger once all instances run with the same file.
    Optional<PlaceGrant> enter(PlaceClaim claim) {
        Terms known = terms.get(claim.model());
        if (known == null) {
            return Optional.empty();
        }
        Instant now = steady.instant();
        PlaceBook.Entry entry =
                books.getOrDefault(claim.model(), PlaceBook.EMPTY)
                        .enter(claim, known.inFlight(), PlaceBook.silence(known.timeout()), now);
        books.put(claim.model(), entry.book());
        store.put(PlaceCodec.key(claim.model()), StoreCodec.encode(entry.book()));
        return entry.grant();
    }
}
