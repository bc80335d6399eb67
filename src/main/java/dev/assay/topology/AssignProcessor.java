package dev.assay.topology;

import dev.assay.decide.assign.Assignment;
import dev.assay.model.Failure;
import dev.assay.model.PromptState;
import dev.assay.model.Waypoint;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Gives a prompt the models of its next round.
final class AssignProcessor implements Processor<String, PromptState, String, Waypoint> {

    private final Parts parts;
    private ProcessorContext<String, Waypoint> context;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    AssignProcessor(Parts parts) {
        this.parts = parts;
    }

    @Override
    public void init(ProcessorContext<String, Waypoint> processorContext) {
        context = processorContext;
    }

    @Override
    public void process(Record<String, PromptState> record) {
        PromptState state = record.value();
        Waypoint next = Guard.<Waypoint>orElse(state, () -> assign(state), failed -> failed);
        context.forward(
                record.withValue(next), next instanceof PromptState ? Nodes.ANSWER : Nodes.FINISH);
    }

    private Waypoint assign(PromptState state) {
        return switch (parts.assigner().assign(state, parts.knowledge().current())) {
            case Assignment.Assigned assigned -> state.assigned(assigned.route(), assigned.plan());
            // Or the topology file changed while it was on its way: what it has is what it gets.
            case Assignment.Refused refused ->
                    parts.grader().cutShort(state, refusal(state, refused));
        };
    }

    private static Failure refusal(PromptState state, Assignment.Refused refused) {
        return new Failure(
                refused.failure().code(),
                "prompt " + state.prompt().id() + ": " + refused.failure().message());
    }
}
