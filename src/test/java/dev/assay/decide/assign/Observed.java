package dev.assay.decide.assign;

import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Scope;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Made-up observations of route `r`, whose judge is `judge`.
final class Observed {

    private Observed() {}

    /// An answer that passed with a 9, or did not with a 3.
    ///
    /// @param usd of the answer; its check was free
    static Observation of(String model, int round, boolean passed, double usd, String rubric) {
        return by("judge", model, round, passed, usd, rubric);
    }

    /// The same by rules, or by another judge.
    static Observation by(
            String judge, String model, int round, boolean passed, double usd, String rubric) {
        Observation.Try one =
                new Observation.Try(
                        model,
                        1,
                        true,
                        OptionalDouble.of(passed ? 9 : 3),
                        Optional.of(passed),
                        judge,
                        rubric,
                        0,
                        0,
                        usd,
                        OptionalDouble.of(0),
                        50);
        return new Observation(
                "p",
                new Scope("r", Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                "",
                round,
                List.of(one));
    }
}
