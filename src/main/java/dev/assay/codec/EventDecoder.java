package dev.assay.codec;

import dev.assay.avro.PromptEvent;

import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Decodes the bytes of a prompt event, and tells bad bytes from a registry that is away. For one
/// thread.
public final class EventDecoder {

    private final Deserializer<PromptEvent> deserializer;

    public EventDecoder(RegistrySerdes serdes) {
        this.deserializer = serdes.promptEvent().deserializer();
    }

    /// What bytes turned out to be.
    public sealed interface Decoded {

        record Event(PromptEvent event) implements Decoded {}

        record Undecodable(String reason) implements Decoded {}
    }

    /// Decodes the value of a record.
    ///
    /// @param value null for a record without one
    /// @throws RegistryUnavailable if the schema cannot be had at present, which says nothing of
    ///   the bytes
    public Decoded decode(String topic, byte @Nullable [] value) {
        if (value == null) {
            return new Decoded.Undecodable("the record has no value; send an Avro PromptEvent");
        }
        try {
            PromptEvent event = deserializer.deserialize(topic, value);
            return event == null
                    ? new Decoded.Undecodable(
                            "the record's value is empty; send an Avro PromptEvent")
                    : new Decoded.Event(event);
        } catch (RuntimeException | StackOverflowError e) {
            RegistryUnavailable.throwIfCauseOf(e);
            return new Decoded.Undecodable(
                    "its value is no Avro PromptEvent in the registry's format: "
                            + RegistryUnavailable.innermost(e));
        }
    }
}
