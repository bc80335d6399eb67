package dev.assay.decide.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Keeps the few strongest of many features; only those are given their names.
final class Strongest {

    private record Kept(int feature, double points, Supplier<String> name) {}

    private final int most;
    private final List<Kept> kept = new ArrayList<>();

    /// @param most that are kept
    Strongest(int most) {
        this.most = most;
    }

    /// Looks at one feature; a feature that is kept already is not kept twice.
    ///
    /// @param feature tells features apart
    void add(int feature, double points, Supplier<String> name) {
        double strength = Math.abs(points);
        if (strength == 0 || most == 0) {
            return;
        }
        boolean full = kept.size() == most;
        if (full && strength <= Math.abs(kept.getLast().points())) {
            return;
        }
        for (Kept one : kept) {
            if (one.feature() == feature) {
                return;
            }
        }
        if (full) {
            kept.removeLast();
        }
        int place = kept.size();
        while (place > 0 && Math.abs(kept.get(place - 1).points()) < strength) {
            place--;
        }
        kept.add(place, new Kept(feature, points, name));
    }

    /// The strongest first.
    List<Reason> reasons() {
        return kept.stream().map(one -> new Reason(one.name().get(), one.points())).toList();
    }
}
