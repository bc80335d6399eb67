package dev.assay.decide.assign;

import java.util.List;
import java.util.Optional;

/// A way through models that are asked one after the other until an answer passes or the next one
/// is not worth its cost, and what is expected at its end.
///
/// Found by backward induction over models in a given order, each of which may be passed over. In
/// the order of cost over chance to pass a road that never stops early is the cheapest one (Mitten,
/// 1960).
///
/// @param first whom it begins with; empty where stopping at once is best
/// @param grade expected of the answer that is returned
/// @param usd expected to be spent
record Road(Optional<Leg> first, double grade, double usd) {

    /// Expected grade less cost, in points.
    double worth(double usdPerPoint) {
        return grade - usd / usdPerPoint;
    }

    /// The best road along these models.
    ///
    /// @param legs in the order in which they may be asked
    /// @param held grade of the best answer so far, which did not pass
    /// @param rounds that are left
    static Road best(List<Leg> legs, double held, int rounds, double usdPerPoint) {
        int most = Math.max(0, Math.min(rounds, legs.size()));
        Road[] roads = new Road[most + 1];
        for (int left = 0; left <= most; left++) {
            roads[left] = new Road(Optional.empty(), held, 0);
        }
        for (int at = legs.size() - 1; at >= 0; at--) {
            Leg leg = legs.get(at);
            for (int left = most; left > 0; left--) {
                Road going = going(leg, roads[left - 1], held);
                if (going.worth(usdPerPoint) > roads[left].worth(usdPerPoint)) {
                    roads[left] = going;
                }
            }
        }
        return roads[most];
    }

    /// The best road that begins with this model.
    ///
    /// @param others in the order in which they may be asked after it
    /// @param rounds that are left, at least one
    static Road beginningWith(
            Leg first, List<Leg> others, double held, int rounds, double usdPerPoint) {
        double then = Math.max(held, first.failedGrade());
        return going(first, best(others, then, rounds - 1, usdPerPoint), held);
    }

    private static Road going(Leg leg, Road after, double held) {
        double passed = Math.max(held, leg.passedGrade());
        double goesOn = (1 - leg.pass()) * leg.noticed();
        double slipsThrough = (1 - leg.pass()) * (1 - leg.noticed());
        return new Road(
                Optional.of(leg),
                leg.pass() * passed + slipsThrough * leg.failedGrade() + goesOn * after.grade(),
                leg.usd() + goesOn * after.usd());
    }
}
