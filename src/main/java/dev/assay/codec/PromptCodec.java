package dev.assay.codec;

import dev.assay.avro.PromptEvent;
import dev.assay.codec.ChatRequests.InvalidEvent;
import dev.assay.model.Constraints;
import dev.assay.model.Labels;
import dev.assay.model.Origin;
import dev.assay.model.Priority;
import dev.assay.model.Prompt;
import dev.assay.model.RecordCoordinates;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Prompt events: an event that was decoded becomes a prompt or a reason why not, and a prompt an
/// event again.
public final class PromptCodec {

    private final int maxIdChars;

    /// @param maxIdChars the longest id accepted
    public PromptCodec(int maxIdChars) {
        this.maxIdChars = maxIdChars;
    }

    /// What an event turned out to be.
    public sealed interface Reading {

        record Valid(Prompt prompt) implements Reading {}

        /// @param id the event's own id where it can serve as one
        record Invalid(Optional<String> id, Labels labels, Origin origin, String reason)
                implements Reading {}
    }

    /// Reads a decoded event.
    ///
    /// @param recordTime the record's timestamp, for events that bear none of their own
    public Reading read(
            PromptEvent event, RecordCoordinates coordinates, Instant recordTime, Instant now) {
        String id = event.getId();
        Labels labels = labels(event);
        Origin origin = origin(event, coordinates, recordTime, now);
        if (id.isBlank()) {
            return new Reading.Invalid(
                    Optional.empty(),
                    labels,
                    origin,
                    "its id is empty; give every prompt an id of its own");
        }
        if (id.length() > maxIdChars) {
            String reason =
                    "its id has %d characters, more than the %d allowed"
                            .formatted(id.length(), maxIdChars);
            return new Reading.Invalid(Optional.empty(), labels, origin, reason);
        }
        try {
            return new Reading.Valid(prompt(event, labels, origin));
        } catch (InvalidEvent e) {
            return new Reading.Invalid(Optional.of(id), labels, origin, e.reason());
        }
    }

    private static Prompt prompt(PromptEvent event, Labels labels, Origin origin) {
        Double maxCostUsd = event.getMaxCostUsd();
        if (maxCostUsd != null && !(maxCostUsd >= 0)) {
            throw new InvalidEvent(
                    "its max_cost_usd is " + maxCostUsd + "; give 0 or more, or leave it out");
        }
        return new Prompt(
                event.getId(),
                1,
                ChatRequests.of(event),
                labels,
                new Constraints(
                        Optional.ofNullable(event.getDeadline()),
                        maxCostUsd == null ? OptionalDouble.empty() : OptionalDouble.of(maxCostUsd),
                        event.getRequiredTags()),
                Optional.ofNullable(event.getReference()),
                origin);
    }

    private static Labels labels(PromptEvent event) {
        return new Labels(
                text(event.getTask()),
                text(event.getTenant()),
                text(event.getRoute()),
                Priority.valueOf(event.getPriority().name()),
                event.getMetadata());
    }

    private static Origin origin(
            PromptEvent event, RecordCoordinates coordinates, Instant recordTime, Instant now) {
        return new Origin(
                coordinates,
                text(event.getCustomId()),
                text(event.getJobId()),
                event.getJobLine() == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(event.getJobLine()),
                Optional.ofNullable(event.getCreatedAt()).orElse(recordTime),
                now);
    }

    /// The event that would be this prompt, for whoever wants to send it again.
    public static PromptEvent event(Prompt prompt) {
        Labels labels = prompt.labels();
        Origin origin = prompt.origin();
        OptionalDouble maxCostUsd = prompt.constraints().maxCostUsd();
        return PromptEvent.newBuilder()
                .setId(prompt.id())
                .setMessages(List.of())
                .setRequest(prompt.request().json())
                .setOptions(null)
                .setTask(labels.task().orElse(null))
                .setTenant(labels.tenant().orElse(null))
                .setPriority(dev.assay.avro.Priority.valueOf(labels.priority().name()))
                .setDeadline(prompt.constraints().deadline().orElse(null))
                .setMaxCostUsd(maxCostUsd.isPresent() ? maxCostUsd.getAsDouble() : null)
                .setRequiredTags(prompt.constraints().requiredTags())
                .setRoute(labels.route().orElse(null))
                .setReference(prompt.reference().orElse(null))
                .setCustomId(origin.customId().orElse(null))
                .setJobId(origin.jobId().orElse(null))
                .setJobLine(origin.jobLine().isPresent() ? origin.jobLine().getAsLong() : null)
                .setCreatedAt(origin.createdAt())
                .setMetadata(labels.metadata())
                .build();
    }

    private static Optional<String> text(String value) {
        return Optional.ofNullable(value).filter(present -> !present.isBlank());
    }
}
