package dev.assay.codec;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.assay.avro.PromptEvent;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;

/// Decodes the bytes of a prompt event, and tells bad bytes from a registry that is away. For one
/// thread.
public final class EventDecoder {

    private static final int SERVER_ERROR = 500;

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
            if (registryIsAway(e)) {
                throw new RegistryUnavailable(e);
            }
            return new Decoded.Undecodable(
                    "its value is no Avro PromptEvent in the registry's format: " + reason(e));
        }
    }

    private static boolean registryIsAway(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            // Confluent's deserializer translates most of what the registry answers; a page of a
            // proxy
            // is no JSON, which nothing else reads here.
            if ((e instanceof RestClientException rest && rest.getStatus() >= SERVER_ERROR)
                    || e instanceof RetriableException
                    || e instanceof AuthenticationException
                    || e instanceof AuthorizationException
                    || e instanceof JsonProcessingException
                    || e instanceof SocketException
                    || e instanceof SocketTimeoutException
                    || e instanceof UnknownHostException
                    || e instanceof SSLException) {
                return true;
            }
        }
        return false;
    }

    /// The innermost message that the libraries give; theirs speak of schemas and positions, never
    /// of content.
    private static String reason(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    /// The registry cannot be asked for a schema; the record must be read again later.
    public static final class RegistryUnavailable extends KafkaException {
        private static final long serialVersionUID = 1;

        RegistryUnavailable(Throwable cause) {
            super("the schema registry cannot be asked for a schema: " + reason(cause), cause);
        }
    }
}
