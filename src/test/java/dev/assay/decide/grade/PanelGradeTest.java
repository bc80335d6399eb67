package dev.assay.decide.grade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.model.Candidate;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Grade;
import dev.assay.model.Panel;
import dev.assay.model.Samples;
import dev.assay.model.Verdict;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;

class PanelGradeTest {

    /// Judges a, b, c and d in the order in which their verdicts came: a number is a score, `?` no
    /// readable one, `!` none at all, `s` a judge that may not judge this answer. The bar is 7.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    MEDIAN   | 2 | 9 4 8     | 8
                    MEDIAN   | 2 | 9 4 8 3   | 6
                    MEDIAN   | 2 | 9 4 ! ?   | 6.5
                    MEDIAN   | 3 | 9 4 ! ?   | none
                    MEDIAN   | 3 | 9 s s s   | 9
                    MEDIAN   | 3 | 9 ! s s   | none
                    MEDIAN   | 2 | s s s s   | none
                    MEAN     | 3 | 9 4 8     | 7
                    MEAN     | 1 | 9 ! ! !   | 9
                    MEAN     | 2 | 1 2 ! !   | 1.5
                    MAJORITY | 2 | 9 8 1     | 8.5
                    MAJORITY | 2 | 10 2 3    | 2.5
                    MAJORITY | 2 | 9 6 ! !   | 6
                    MAJORITY | 2 | 7 7 6.9 1 | 3.95
                    MAJORITY | 4 | 7 7 7 !   | none
                    """)
    void scoresAmountToAGrade(Panel.Kind kind, int quorum, String verdicts, String grade) {
        CheckPolicy policy = policy(new Panel(kind, quorum));
        Candidate candidate =
                new Candidate(Samples.candidate("m", 0).answer(), verdicts(verdicts), true);

        Grade actual = Grader.gradeOf(policy, candidate);

        if (grade.equals("none")) {
            assertThat(actual).isEqualTo(new Grade.Ungraded());
        } else {
            assertThat(actual.value()).hasValueCloseTo(Double.parseDouble(grade), within(1e-9));
        }
    }

    private static List<Verdict> verdicts(String told) {
        List<Verdict> verdicts = new ArrayList<>();
        for (String word : told.split(" ", -1)) {
            String judge = String.valueOf((char) ('a' + verdicts.size()));
            verdicts.add(
                    switch (word) {
                        case "?" -> Verdict.unparseable(judge, "no score", false);
                        case "!" -> Verdict.unavailable(judge, "away", false);
                        case "s" -> Verdict.passedOver(judge, "it wrote the answer itself");
                        default -> Verdict.scored(judge, Double.parseDouble(word), "", false);
                    });
        }
        return verdicts;
    }

    private static CheckPolicy policy(Panel panel) {
        CheckPolicy policy = Samples.judges("a", "b", "c", "d");
        return new CheckPolicy(
                policy.rules(),
                policy.judges(),
                panel,
                policy.agreement(),
                policy.rubric(),
                policy.criteria(),
                policy.pass(),
                policy.sample(),
                policy.allowSelf());
    }
}
