package dev.assay.topology;

import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Scope;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Who answered the last prompts, for grades that come later. For one thread.
final class RecentPrompts {

    private final int most;
    private final Map<String, Answered> byId = new LinkedHashMap<>();

    /// @param most prompts that are remembered
    RecentPrompts(int most) {
        this.most = most;
    }

    /// The answer that a prompt has come to: that of the best grade, of equals the later one.
    ///
    /// @param propensity the chance with which its model was chosen
    /// @param grade 0 to 10; below any where it has none
    /// @param event the number of the observation that says so
    record Answered(
            Scope scope, String model, int round, double propensity, double grade, long event) {}

    Optional<Answered> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    void add(Observation observation, long event) {
        for (Observation.Try one : observation.tries()) {
            if (one.answered()) {
                Answered answered =
                        new Answered(
                                observation.scope(),
                                one.model(),
                                observation.round(),
                                one.propensity(),
                                one.grade().orElse(-1),
                                event);
                byId.merge(
                        observation.id(),
                        answered,
                        (former, later) -> former.grade() > later.grade() ? former : later);
            }
        }
        while (byId.size() > most) {
            byId.remove(byId.keySet().iterator().next());
        }
    }
}
