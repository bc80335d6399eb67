package dev.assay.topology;

import dev.assay.decide.grade.Outcome;
import dev.assay.model.PromptState;
import dev.assay.model.Waypoint;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Turns the verdicts of a round into its outcome.
final class GradeProcessor implements Processor<String, PromptState, String, Object> {

    private final Parts parts;
    private final ObservationWriter observations;
    private ProcessorContext<String, Object> context;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    GradeProcessor(Parts parts) {
        this.parts = parts;
        this.observations = new ObservationWriter(parts);
    }

    @Override
    public void init(ProcessorContext<String, Object> processorContext) {
        context = processorContext;
    }

    @Override
    public void process(Record<String, PromptState> record) {
        PromptState state = record.value();
        parts.metrics().checked(state);
        Waypoint next = Guard.<Waypoint>orElse(state, () -> grade(state), failed -> failed);
        context.forward(
                record.withValue(next),
                next instanceof PromptState ? Nodes.ESCALATE : Nodes.FINISH);
        observations.write(state, record, context);
    }

    private Waypoint grade(PromptState state) {
        return switch (parts.grader().decide(state, parts.knowledge().current())) {
            case Outcome.Ended ended -> ended.result();
            case Outcome.Escalated escalated -> escalated.state();
        };
    }
}
