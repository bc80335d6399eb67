package dev.assay.decide.check;

import dev.assay.model.Criterion;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads the scores that a judge gave by named criteria: `{"criteria": {"NAME": {"reason": text,
/// "score": integer}, …}}`.
final class CriteriaReader {

    private static final String CRITERIA = "criteria";

    private CriteriaReader() {}

    /// The weighted mean of the scores, with all reasons; empty where a criterion has no whole
    /// score from 1 to 10. A mean over some of the criteria would be another grade.
    static Optional<Reading.Read> read(Map<String, Object> object, List<Criterion> criteria) {
        if (criteria.isEmpty() || !(object.get(CRITERIA) instanceof Map<?, ?> given)) {
            return Optional.empty();
        }
        double sum = 0;
        double weights = 0;
        List<String> reasons = new ArrayList<>();
        for (Criterion criterion : criteria) {
            Object one = given.get(criterion.name());
            Object number = one instanceof Map<?, ?> parts ? parts.get("score") : one;
            Optional<Double> score = number == null ? Optional.empty() : Scores.integer(number);
            if (score.isEmpty()) {
                return Optional.empty();
            }
            sum += criterion.weight() * score.get();
            weights += criterion.weight();
            String reason =
                    one instanceof Map<?, ?> parts && parts.get("reason") instanceof String text
                            ? ": " + text.strip()
                            : "";
            reasons.add(
                    String.format(Locale.ROOT, "%s %.0f", criterion.name(), score.get()) + reason);
        }
        String reason = String.join("; ", reasons);
        return Optional.of(
                new Reading.Read(
                        sum / weights, Texts.first(VerdictReader.MAX_REASON_CHARS, reason)));
    }
}
