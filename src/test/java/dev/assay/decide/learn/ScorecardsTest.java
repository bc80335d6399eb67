package dev.assay.decide.learn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

class ScorecardsTest {

    private static final Scope SCOPE = new Scope("r", Optional.empty());
    private static final String RUBRIC = "rubric";

    private final Scorecards scorecards = new Scorecards();

    /// A failed try has no judge, and so a card of its own, which nothing is added to later.
    @Test
    void outageIsForgottenAsAnswersCome() {
        add(2_000, "", false);
        double during = failedShare();
        add(20_000, "judge", true);

        assertThat(during).isEqualTo(1);
        assertThat(failedShare()).isLessThan(0.02);
    }

    @Test
    void cardsOfOtherModelsStayAsTheyAre() {
        scorecards.add(observation("other", "judge", true));
        add(5_000, "judge", true);

        assertThat(tally("other").tries()).isEqualTo(1);
    }

    @Test
    void whatGrewOldIsKeptAndPublished() {
        add(1, "", false);
        scorecards.takeUnkept();
        scorecards.takeUnpublished();

        add(1, "judge", true);

        assertThat(scorecards.takeUnkept()).extracting(card -> card.key().judge()).contains("");
        assertThat(scorecards.takeUnpublished())
                .extracting(card -> card.key().judge())
                .contains("", "judge");
    }

    private double failedShare() {
        Tally tally = tally("model");
        return tally.failed() / tally.tries();
    }

    private Tally tally(String model) {
        return Knowledge.of(scorecards.all()).tally(SCOPE, model, RUBRIC).orElseThrow();
    }

    private void add(int times, String judge, boolean answered) {
        for (int i = 0; i < times; i++) {
            scorecards.add(observation("model", judge, answered));
        }
    }

    private static Observation observation(String model, String judge, boolean answered) {
        return new Observation(
                "p",
                SCOPE,
                Optional.empty(),
                Optional.empty(),
                "",
                1,
                List.of(
                        new Observation.Try(
                                model,
                                1,
                                answered,
                                answered ? OptionalDouble.of(8) : OptionalDouble.empty(),
                                answered ? Optional.of(true) : Optional.empty(),
                                judge,
                                RUBRIC,
                                0,
                                0,
                                0.001,
                                OptionalDouble.empty(),
                                200)));
    }
}
