package dev.assay.decide.assign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.Scorecards;
import dev.assay.decide.learn.Tally;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

class OddsTest {

    private static final double BAR = 7;
    private static final Scope SCOPE = new Scope("r", Optional.empty());

    @Test
    void findsTheTwoGradesThatMeanAndSpreadComeFrom() {
        Odds odds = Odds.unknown(BAR).after(tally(800, 10, 200, 2), BAR);

        assertThat(odds.pass()).isCloseTo(0.8, within(0.03));
        assertThat(odds.passedGrade()).isCloseTo(10, within(0.1));
        assertThat(odds.failedGrade()).isCloseTo(2, within(0.1));
        assertThat(odds.passAt(6)).isCloseTo(0.5, within(0.03));
        assertThat(odds.passAt(20)).isEqualTo(0.99);
    }

    @Test
    void isDrawnToWhatWasThoughtBefore() {
        Odds before = new Odds(0.9, 9, 4);

        assertThat(before.after(Tally.NOTHING, BAR)).isEqualTo(before);
        assertThat(before.after(tally(0, 10, 4, 2), BAR).pass()).isCloseTo(0.45, within(0.001));
    }

    @Test
    void promptThatIsHardInFirstRoundsIsHardLaterAsWell() {
        Odds first = new Odds(0.8, 10, 2);
        Odds later = new Odds(0.5, 10, 2);

        assertThat(later.passAs(first, 0.8)).isCloseTo(0.5, within(1e-9));
        assertThat(later.passAs(first, 0.5)).isCloseTo(0.2, within(1e-9));
    }

    @Test
    void hopeShrinksWithWhatWasObserved() {
        assertThat(Odds.hoped(0.5, Tally.NOTHING)).isCloseTo(0.75, within(1e-9));
        assertThat(Odds.hoped(0.5, tally(48, 9, 48, 2))).isCloseTo(0.55, within(0.001));
        assertThat(Odds.hoped(0.99, Tally.NOTHING)).isLessThan(1);
    }

    private static Tally tally(int passed, double passedGrade, int failed, double failedGrade) {
        Scorecards cards = new Scorecards();
        for (int i = 0; i < passed + failed; i++) {
            double grade = i < passed ? passedGrade : failedGrade;
            cards.add(
                    new Observation(
                            "p" + i,
                            SCOPE,
                            Optional.empty(),
                            Optional.empty(),
                            "",
                            1,
                            List.of(tried(grade))));
        }
        return Knowledge.of(cards.all()).tally(SCOPE, "m", "").orElseThrow();
    }

    private static Observation.Try tried(double grade) {
        return new Observation.Try(
                "m",
                1,
                true,
                OptionalDouble.of(grade),
                Optional.of(grade >= BAR),
                "judge",
                "",
                0,
                0,
                0.001,
                OptionalDouble.empty(),
                10);
    }
}
