package dev.assay.topology;

import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.origin;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.codec.StoreCodec.Pending;
import dev.assay.model.Call;
import dev.assay.model.ChatRequest;
import dev.assay.model.Constraints;
import dev.assay.model.Labels;
import dev.assay.model.Priority;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.topology.Backpressure.Inlet;
import dev.assay.topology.OpenCalls.OpenCall;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

class OpenCallsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final OpenCalls calls = new OpenCalls(_ -> Inlet.PROMPTS);

    @Test
    void tenantsTakeTurnsAndLiveCallsAreApart() {
        for (int i = 1; i <= 3; i++) {
            calls.update(state("bulk" + i, "big", Priority.BULK, Optional.empty()), NOW);
            calls.update(state("big" + i, "big", Priority.INTERACTIVE, Optional.empty()), NOW);
        }
        calls.update(state("small1", "small", Priority.INTERACTIVE, Optional.empty()), NOW);

        assertThat(calls.ready("only", Priority.INTERACTIVE)).isEqualTo(4);
        assertThat(launchAll(Priority.INTERACTIVE))
                .containsExactly("big1", "small1", "big2", "big3");
        assertThat(launchAll(Priority.BULK)).containsExactly("bulk1", "bulk2", "bulk3");
        assertThat(calls.inAir("only", Priority.INTERACTIVE)).isEqualTo(4);
        assertThat(calls.waiting(Inlet.PROMPTS)).isZero();
    }

    @Test
    void overdueNamesThoseWhoseDeadlineIsOverAndThatWait() {
        calls.update(state("none", "t", Priority.BULK, Optional.empty()), NOW);
        calls.update(state("late", "t", Priority.BULK, Optional.of(NOW.plusSeconds(9))), NOW);
        calls.update(state("soon", "t", Priority.BULK, Optional.of(NOW.plusSeconds(1))), NOW);
        calls.update(state("gone", "t", Priority.BULK, Optional.of(NOW.plusSeconds(1))), NOW);
        calls.remove("gone");

        assertThat(calls.overdue(NOW)).isEmpty();
        assertThat(calls.overdue(NOW.plusSeconds(1))).containsExactly("soon");
        assertThat(calls.overdue(NOW.plusSeconds(9))).containsExactly("soon", "late");
    }

    @Test
    void whatLeavesWhileItWaitsIsForgotten() {
        for (int i = 0; i < 100; i++) {
            calls.update(state("p" + i, "t", Priority.INTERACTIVE, Optional.empty()), NOW);
            calls.remove("p" + i);
        }

        assertThat(calls.ready("only", Priority.INTERACTIVE)).isZero();
        assertThat(calls.next("only", Priority.INTERACTIVE)).isEmpty();
        assertThat(calls.waiting(Inlet.PROMPTS)).isZero();
    }

    /// As where a task finds a retry in the air that the clock, set back, has yet to come to.
    @Test
    void whatIsInTheAirIsNotReadyAgainWhenItsMomentComes() {
        PromptState first = state("p1", "t", Priority.INTERACTIVE, Optional.empty());
        Call retry = first.calls().getFirst().tryAgain(false, NOW, NOW.plusSeconds(5));
        PromptState state = first.withCalls(List.of(retry));
        calls.update(state, NOW);
        OpenCall open = calls.find("p1", retry).orElseThrow();
        calls.launch(open, new Pending(state, 0, new RecordHeaders()));

        calls.promote(NOW.plusSeconds(5));
        assertThat(calls.ready("only", Priority.INTERACTIVE)).isZero();

        calls.remove("p1");
        assertThat(calls.next("only", Priority.INTERACTIVE)).isEmpty();
    }

    /// As where all models are away and a budget of the day is asked for each call again and again.
    @Test
    void callThatIsPutByAndWokenIsNamedOnce() {
        calls.update(state("p1", "t", Priority.INTERACTIVE, Optional.empty()), NOW);
        calls.askAll("only");
        for (int i = 0; i < 3; i++) {
            calls.putBy(calls.next("only", Priority.INTERACTIVE).orElseThrow());
            calls.wake();
        }

        assertThat(calls.nextToAsk("only")).isPresent();
        assertThat(calls.nextToAsk("only")).isEmpty();
    }

    @Test
    void whatLeavesIsNotAskedForItsModel() {
        calls.update(state("p1", "t", Priority.INTERACTIVE, Optional.empty()), NOW);
        calls.askAll("only");

        calls.remove("p1");

        assertThat(calls.nextToAsk("only")).isEmpty();
    }

    private List<String> launchAll(Priority priority) {
        List<String> launched = new ArrayList<>();
        for (Optional<OpenCall> next = calls.next("only", priority);
                next.isPresent();
                next = calls.next("only", priority)) {
            OpenCall call = next.get();
            PromptState state = state(call.promptId(), "t", priority, Optional.empty());
            calls.launch(call, new Pending(state, 0, new RecordHeaders()));
            launched.add(call.promptId());
        }
        return launched;
    }

    private static PromptState state(
            String id, String tenant, Priority priority, Optional<Instant> deadline) {
        Prompt prompt =
                new Prompt(
                        id,
                        1,
                        new ChatRequest("q", 1, OptionalInt.empty()),
                        new Labels(
                                Optional.empty(),
                                Optional.of(tenant),
                                Optional.empty(),
                                priority,
                                Map.of()),
                        new Constraints(deadline, OptionalDouble.empty(), List.of()),
                        Optional.empty(),
                        origin());
        return PromptState.admitted(prompt)
                .assigned(route("all", cascade("only")), plan("only"))
                .withCalls(
                        List.of(
                                Call.first(
                                        0, Purpose.ANSWER, plan("only").picks().getFirst(), NOW)));
    }
}
