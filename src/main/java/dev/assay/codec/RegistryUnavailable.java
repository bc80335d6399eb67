package dev.assay.codec;

import com.fasterxml.jackson.core.JsonProcessingException;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;

/// The registry cannot be asked for a schema. That says nothing of the record, which must be read
/// again later.
public final class RegistryUnavailable extends KafkaException {

    private static final long serialVersionUID = 1;
    private static final int SERVER_ERROR = 500;

    private RegistryUnavailable(Throwable cause) {
        super("the schema registry cannot be asked for a schema: " + innermost(cause), cause);
    }

    /// Tells a registry that is away from bytes that cannot be read, which deserializers throw
    /// alike.
    ///
    /// @param thrown by a deserializer of [RegistrySerdes]
    /// @throws RegistryUnavailable if the registry is what it comes from
    public static void throwIfCauseOf(Throwable thrown) {
        if (isCauseOf(thrown)) {
            throw new RegistryUnavailable(thrown);
        }
    }

    private static boolean isCauseOf(Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause()) {
            // Confluent's deserializer translates most of what the registry answers; a page of a
            // proxy is no JSON, which nothing else reads here.
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
    static String innermost(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
