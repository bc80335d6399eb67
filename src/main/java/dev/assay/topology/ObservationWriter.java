package dev.assay.topology;

import dev.assay.avro.ObservationRecord;
import dev.assay.codec.ChatRequests;
import dev.assay.codec.LearnCodec;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.grade.Observations;
import dev.assay.decide.learn.Observation;
import dev.assay.model.PromptState;
import dev.assay.model.Route;
import dev.assay.model.Strategy;

import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

import java.util.Optional;

/// Sends what a round showed of the models to where it is added up. For one thread.
///
/// A few hundred grades a second tell as much as thousands: beyond a number in a second, the rest
/// of that second goes unobserved.
final class ObservationWriter {

    /// Of one task.
    static final int MOST_A_SECOND = 100;

    private final Parts parts;
    private final Serializer<ObservationRecord> serializer;

    private long second;
    private int written;

    ObservationWriter(Parts parts) {
        this.parts = parts;
        this.serializer = parts.serdes().observation().serializer();
    }

    /// Writes one observation of the state's round, where a model was asked in it.
    void write(
            PromptState state, Record<String, ?> record, ProcessorContext<String, Object> context) {
        if (!hasRoom()) {
            return;
        }
        // The prompt itself is through: a bug here may cost its observation, but not its result.
        Optional<Record<String, Object>> observation =
                Guard.orElse(
                        state.prompt().id(),
                        () -> observation(state).map(found -> encoded(found, record.timestamp())),
                        _ -> Optional.empty());
        observation.ifPresent(found -> context.forward(found, Nodes.OBSERVATIONS));
    }

    private boolean hasRoom() {
        long now = parts.clock().instant().getEpochSecond();
        if (now != second) {
            second = now;
            written = 0;
        }
        return written++ < MOST_A_SECOND;
    }

    private Optional<Observation> observation(PromptState state) {
        Routes routes = parts.routes();
        return routes.of(state)
                .flatMap(
                        route ->
                                Observations.of(
                                        state,
                                        route.check(),
                                        routes.scope(route.name(), state.prompt()),
                                        text(route, state)));
    }

    /// The beginning of the prompt, where it is learned from.
    private static String text(Route route, PromptState state) {
        if (!(route.strategy() instanceof Strategy.Learned learned)) {
            return "";
        }
        String text = ChatRequests.lastQuestion(state.prompt().request());
        return text.substring(0, Math.min(text.length(), learned.size().prefixChars()));
    }

    private Record<String, Object> encoded(Observation observation, long timestampMs) {
        byte[] value =
                serializer.serialize(
                        parts.topics().observations(), LearnCodec.toRecord(observation));
        return new Record<>(observation.scope().key(), value, timestampMs);
    }
}
