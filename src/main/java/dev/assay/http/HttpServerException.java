package dev.assay.http;

/// The server cannot run; the message says why and what to do.
public final class HttpServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    HttpServerException(String message) {
        super(message);
    }

    HttpServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
