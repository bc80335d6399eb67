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
        record Invalid(Optional<String> id, String reason) implements Reading {}
    }

    /// Reads a decoded event.
    ///
    /// @param recordTime the record's timestamp, for events that bear none of their own
    public Reading read(
            PromptEvent event, RecordCoordinates coordinates, Instant recordTime, Instant now) {
        String id = event.getId();
        if (id.isBlank()) {
            return new Reading.Invalid(
                    Optional.empty(), "its id is empty; give every prompt an id of its own");
        }
        if (id.length() > maxIdChars) {
            return new Reading.Invalid(
                    Optional.empty(),
                    "its id has "
                            + id.length()
                            + " characters, more than the "
                            + maxIdChars
                            + " allowed");
        }
        try {
            return new Reading.Valid(prompt(event, coordinates, recordTime, now));
        } catch (InvalidEvent e) {
            return new Reading.Invalid(Optional.of(id), e.reason());
        }
    }

    private static Prompt prompt(
            PromptEvent event, RecordCoordinates coordinates, Instant recordTime, Instant now) {
        Double maxCostUsd = event.getMaxCostUsd();
        if (maxCostUsd != null && !(maxCostUsd >= 0)) {
            throw new InvalidEvent(
                    "its max_cost_usd is " + maxCostUsd + "; give 0 or more, or leave it out");
        }
        return new Prompt(
                event.getId(),
                1,
                ChatRequests.of(event),
                new Labels(
                        text(event.getTask()),
                        text(event.getTenant()),
                        text(event.getRoute()),
                        Priority.valueOf(event.getPriority().name()),
                        event.getMetadata()),
                new Constraints(
                        Optional.ofNullable(event.getDeadline()),
                        maxCostUsd == null ? OptionalDouble.empty() : OptionalDouble.of(maxCostUsd),
                        event.getRequiredTags()),
                Optional.ofNullable(event.getReference()),
                new Origin(
                        coordinates,
                        text(event.getCustomId()),
                        text(event.getJobId()),
                        event.getJobLine() == null
                                ? OptionalLong.empty()
                                : OptionalLong.of(event.getJobLine()),
                        Optional.ofNullable(event.getCreatedAt()).orElse(recordTime),
                        now));
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
