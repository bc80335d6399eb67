package dev.assay.topology;

import static dev.assay.model.Samples.attempt;
import static dev.assay.model.Samples.candidate;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.codec.RegistrySerdes;
import dev.assay.model.FailureCode;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Result;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

class EscalateProcessorTest {

    private static final String TOO_LONG = "x".repeat(PartsSample.MAX_RECORD_BYTES);

    private final RegistrySerdes serdes = new RegistrySerdes(Map.of("url", "mock://escalate"));
    private final MockProcessorContext<Object, Object> context = new MockProcessorContext<>();

    @Test
    void promptStaysInThePartitionItWasAdmittedIn() {
        escalate(serdes, answered(new PromptSample()));

        CapturedForward<?, ?> forward = only();
        assertThat(forward.childName()).contains(Nodes.ESCALATED);
        assertThat(forward.record().key()).isEqualTo(new LoopKey("p-1", OptionalInt.of(0)));
    }

    @Test
    void promptWhoseStateFitsNoRecordEndsWithItsBestAnswer() {
        PromptState state = answered(new PromptSample().reference(TOO_LONG));

        escalate(serdes, state);

        Result.Answered flagged = (Result.Answered) end();
        assertThat(flagged.outcome()).isEqualTo(Result.Outcome.FLAGGED);
        assertThat(flagged.returned()).isEqualTo(state.best().orElseThrow());
    }

    @Test
    void promptWithoutAnAnswerThatFitsNoRecordFailsAsTooLarge() {
        escalate(serdes, new PromptSample().reference(TOO_LONG).admitted());

        Result.Failed failed = (Result.Failed) end();
        assertThat(failed.failure().code()).isEqualTo(FailureCode.TOO_LARGE);
        assertThat(failed.failure().message()).contains("engine.max_record_bytes");
    }

    @Test
    void stateThatCannotBeWrittenIsAnInternalErrorOfThatPrompt() {
        escalate(serdes, answered(new PromptSample().deadline(Instant.MAX)));

        Result.Failed failed = (Result.Failed) end();
        assertThat(failed.failure().code()).isEqualTo(FailureCode.INTERNAL_ERROR);
    }

    @Test
    void registryThatIsAwayIsNotThePromptsFault() {
        assertThatThrownBy(() -> escalate(PartsSample.registryAway(), answered(new PromptSample())))
                .isInstanceOf(KafkaException.class);
        assertThat(context.forwarded()).isEmpty();
    }

    private static PromptState answered(PromptSample sample) {
        return sample.admitted()
                .assigned(route("all", cascade("only")), plan("only"))
                .plusAttempt(attempt(1, "only"))
                .withBest(Optional.of(candidate("only", 0)));
    }

    private void escalate(RegistrySerdes with, PromptState state) {
        Parts parts = PartsSample.parts(with);
        EscalateProcessor processor = new EscalateProcessor(parts);
        processor.init(context);
        processor.process(new Record<>(state.prompt().id(), state, 0));
        parts.flights().close();
    }

    private Object end() {
        assertThat(only().childName()).contains(Nodes.FINISH);
        return only().record().value();
    }

    private CapturedForward<?, ?> only() {
        assertThat(context.forwarded()).hasSize(1);
        return context.forwarded().getFirst();
    }
}
