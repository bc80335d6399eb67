package dev.assay.decide.call;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.card;
import static dev.assay.model.Samples.catalog;
import static dev.assay.model.Samples.completion;
import static dev.assay.model.Samples.priced;
import static dev.assay.model.Samples.route;
import static dev.assay.model.Samples.scatter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.assay.decide.assign.Routes;
import dev.assay.decide.call.StageLogic.Expiry;
import dev.assay.model.Attempt;
import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.Catalog;
import dev.assay.model.EnsemblePick;
import dev.assay.model.FailureCode;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Route;
import dev.assay.model.Strategy.Ensemble;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The answers of an ensemble as they come.
class EnsembleAnswerTest {

    private static final Duration TOOK = Duration.ofSeconds(2);
    private static final Duration WAIT = Duration.ofSeconds(10);
    private static final Catalog CATALOG =
            catalog(card("a"), card("b"), card("c"), priced("spare", 0.01), priced("fuser", 0.02));

    private static final Ensemble VOTE =
            ensemble(new EnsemblePick.Vote(Optional.empty()), Optional.of(WAIT));
    private static final Ensemble FUSE = ensemble(new EnsemblePick.Fuse("fuser"), Optional.empty());

    @Test
    void answersAreKeptAsTheyComeAndTheLastEndsTheStage() {
        PromptState state = entered(VOTE);

        Step first = end(VOTE, state, 1, answers("two"));
        Step second = end(VOTE, first.state(), 2, answers("three"));
        Step third = end(VOTE, second.state(), 0, answers("one"));

        assertThat(first).isInstanceOf(Step.Continue.class);
        assertThat(first.state().candidates()).hasSize(1);
        assertThat(second).isInstanceOf(Step.Continue.class);
        assertThat(third).isInstanceOf(Step.Done.class);
        assertThat(third.state().candidates())
                .extracting(candidate -> candidate.answer().model())
                .containsExactly("b", "c", "a");
        assertThat(third.state().attempts())
                .extracting(Attempt::model)
                .containsExactly("b", "c", "a");
        assertThat(third.state().waitUntil()).isEmpty();
    }

    @Test
    void firstAnswerBeginsTheWaitFromWhenItWasAskedFor() {
        PromptState first = end(VOTE, entered(VOTE), 1, answers("two")).state();

        assertThat(first.waitUntil()).contains(NOW.minus(TOOK).plus(WAIT));

        PromptState second = end(VOTE, first, 2, answers("three")).state();

        assertThat(second.waitUntil()).isEqualTo(first.waitUntil());
    }

    @Test
    void nobodyIsWaitedForWithoutAnAnswerOrWithoutALimit() {
        PromptState failed = end(VOTE, entered(VOTE), 1, tooLong()).state();

        assertThat(failed.waitUntil()).isEmpty();
        assertThat(end(FUSE, entered(FUSE), 1, answers("two")).state().waitUntil()).isEmpty();
    }

    @Test
    void thoseThatCameDecideOnceTheWaitIsOver() {
        PromptState state = end(VOTE, entered(VOTE), 1, answers("two")).state();

        Step one = enoughWaited(VOTE, state, 0);
        Step two = enoughWaited(VOTE, one.state(), 2);

        assertThat(one).isInstanceOf(Step.Continue.class);
        assertThat(two).isInstanceOf(Step.Done.class);
        assertThat(two.state().candidates()).hasSize(1);
        assertThat(two.state().waitUntil()).isEmpty();
        assertThat(two.state().attempts())
                .extracting(Attempt::model, Attempt::status)
                .containsExactly(
                        tuple("b", "answered"), tuple("a", "timeout"), tuple("c", "timeout"));
    }

    @Test
    void whoCannotBeReachedIsReplacedOnce() {
        PromptState state = entered(VOTE);

        PromptState replaced = end(VOTE, state, 0, tooLong()).state();
        PromptState short1 = end(VOTE, replaced, 1, tooLong()).state();

        assertThat(replaced.call(0)).map(Call::model).contains("spare");
        assertThat(short1.call(1)).isEmpty();
        assertThat(short1.calls()).extracting(Call::model).containsExactly("spare", "c");
    }

    @Test
    void severalAnswersAreFusedByOneMoreCall() {
        PromptState all = answeredByAll();

        assertThat(all.calls())
                .extracting(Call::slot, Call::model, Call::purpose, Call::why)
                .containsExactly(tuple(3, "fuser", Purpose.FUSE, "makes one of 3 answers"));
        Step fused = end(FUSE, all, 3, answers("the one"));

        assertThat(fused).isInstanceOf(Step.Done.class);
        assertThat(fused.state().candidates())
                .extracting(candidate -> candidate.answer().completion().text())
                .containsExactly("the one");
        assertThat(fused.state().attempts())
                .extracting(Attempt::model)
                .containsExactly("a", "b", "c", "fuser");
        assertThat(fused.state().spend().answerUsd()).isCloseTo(0.02, within(1e-12));
        assertThat(fused.state().spend().checkUsd()).isZero();
    }

    @Test
    void answersGoOnAsTheyAreWhereNobodyCanFuseThem() {
        Step step = end(FUSE, answeredByAll(), 3, tooLong());

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(step.state().candidates()).hasSize(3);
        assertThat(step.state().attempts().getLast().status()).isEqualTo("context_too_long");
    }

    @Test
    void oneAnswerAloneIsNotFused() {
        PromptState state = end(FUSE, entered(FUSE), 0, answers("one")).state();
        state = end(FUSE, state, 1, answers("")).state();
        state = end(FUSE, state, 2, tooLong()).state();

        Step step = end(FUSE, state, 2, tooLong());

        assertThat(step).isInstanceOf(Step.Done.class);
        assertThat(step.state().candidates()).hasSize(2);
    }

    @Test
    void budgetAndTagsHoldForWhoFuses() {
        PromptState poor = answeredByAll(new PromptSample().maxCostUsd(0.019));
        PromptState local = answeredByAll(new PromptSample().requiredTags("local"));

        assertThat(poor.calls()).isEmpty();
        assertThat(local.calls()).isEmpty();
    }

    @Test
    void fusingCallIsTriedAgainAndWaitsForItsOwnModel() {
        PromptState all = answeredByAll();

        Step again = end(FUSE, all, 3, busy());

        assertThat(again.state().calls())
                .extracting(Call::model, Call::purpose, Call::tries)
                .containsExactly(tuple("fuser", Purpose.FUSE, 1));
        assertThat(
                        stage(FUSE)
                                .elsewhere(
                                        all,
                                        all.calls().getFirst(),
                                        new CallError(FailureCode.PROVIDER_ERROR, "away"),
                                        _ -> true,
                                        NOW))
                .isEmpty();
    }

    private static PromptState answeredByAll() {
        return answeredByAll(new PromptSample());
    }

    private static PromptState answeredByAll(PromptSample sample) {
        PromptState state = entered(FUSE, sample);
        for (int slot = 0; slot < 3; slot++) {
            state = end(FUSE, state, slot, answers("answer " + slot)).state();
        }
        return state;
    }

    private static PromptState entered(Ensemble ensemble) {
        return entered(ensemble, new PromptSample());
    }

    private static PromptState entered(Ensemble ensemble, PromptSample sample) {
        PromptState planned =
                sample.admitted()
                        .assigned(route("r", ensemble), scatter(List.of("a", "b", "c"), "spare"));
        return stage(ensemble).enter(planned, NOW).state();
    }

    private static Step end(Ensemble ensemble, PromptState state, int slot, CallResult result) {
        return stage(ensemble).ended(state, state.call(slot).orElseThrow(), result, TOOK, NOW, 0.5);
    }

    private static Step enoughWaited(Ensemble ensemble, PromptState state, int slot) {
        return stage(ensemble)
                .expired(state, state.call(slot).orElseThrow(), Expiry.ENOUGH_WAITED, NOW);
    }

    private static AnswerStage stage(Ensemble ensemble) {
        Route route = route("r", ensemble);
        return new AnswerStage(CATALOG, new Routes(List.of(route), Map.of()));
    }

    private static Ensemble ensemble(EnsemblePick pick, Optional<Duration> wait) {
        return new Ensemble(List.of("a", "b", "c", "spare"), 3, pick, 2, wait);
    }

    private static CallResult answers(String text) {
        return new CallResult.Answered(completion(text));
    }

    private static CallResult busy() {
        return new CallResult.TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, "503"),
                Optional.empty(),
                CallResult.Evidence.CONGESTED,
                false);
    }

    private static CallResult tooLong() {
        return new CallResult.GiveUpOnPrompt(
                new CallError(FailureCode.CONTEXT_TOO_LONG, "too long for it"));
    }
}
