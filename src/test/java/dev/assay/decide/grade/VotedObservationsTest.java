package dev.assay.decide.grade;

import static dev.assay.model.Samples.attempt;
import static dev.assay.model.Samples.candidate;
import static dev.assay.model.Samples.judges;
import static dev.assay.model.Samples.route;
import static dev.assay.model.Samples.scatter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Scope;
import dev.assay.model.Ballot;
import dev.assay.model.CheckPolicy;
import dev.assay.model.EnsemblePick;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Strategy.Ensemble;
import dev.assay.model.Verdict;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a vote shows of the members whose answers nobody judged.
class VotedObservationsTest {

    private static final CheckPolicy JUDGED = judges("judge");
    private static final Ensemble ENSEMBLE =
            new Ensemble(
                    List.of("a", "b", "c"),
                    3,
                    new EnsemblePick.Vote(Optional.empty()),
                    2,
                    Optional.empty());

    /// The winner is b. A plus passes, a minus does not, a dot is not known.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    9 | a:+ b:+ c:- | + + -
                    3 | a:+ b:+ c:- | - - .
                    9 |             | . . .
                    9 | b:+ c:-     | . + -
                    """)
    void verdictOnTheWinnerIsOneOnTheOthersAsFarAsItTells(
            int score, @Nullable String ballots, String passed) {
        PromptState state = state(Verdict.scored("judge", score, "seen", false), ballots);

        List<String> seen =
                observed(state).tries().stream()
                        .map(one -> one.passed().map(pass -> pass ? "+" : "-").orElse("."))
                        .toList();

        assertThat(String.join(" ", seen)).isEqualTo(passed);
    }

    @Test
    void onlyTheWinnerHasTheGradeAndAllHaveAnswered() {
        PromptState state = state(Verdict.scored("judge", 9, "seen", false), "a:+ b:+ c:-");

        assertThat(observed(state).tries())
                .extracting(one -> one.grade().isPresent())
                .containsExactly(false, true, false);
        assertThat(observed(state).tries())
                .extracting(one -> one.checkUsd().isPresent())
                .containsExactly(false, true, false);
        assertThat(observed(state).tries()).allMatch(Observation.Try::answered);
    }

    private static Observation observed(PromptState state) {
        return Observations.of(state, JUDGED, new Scope("r", Optional.empty()), "").orElseThrow();
    }

    private static PromptState state(Verdict verdict, @Nullable String ballots) {
        List<Ballot> cast = new ArrayList<>();
        for (String ballot : ballots == null ? new String[0] : ballots.split(" ", -1)) {
            cast.add(new Ballot("abc".indexOf(ballot.charAt(0)), ballot.endsWith("+")));
        }
        return new PromptSample()
                .admitted()
                .assigned(route("r", ENSEMBLE, JUDGED), scatter(List.of("a", "b", "c")))
                .withAttempts(List.of(attempt(1, "a"), attempt(1, "b"), attempt(1, "c")))
                .withCandidates(
                        List.of(
                                candidate("b", 1, verdict)
                                        .plusVerdict(
                                                Verdict.compared(
                                                        Ballot.VOTE, Verdict.State.PASSED, ""))))
                .withBallots(cast);
    }
}
