package dev.assay.http;

/// The server cannot run; the message says why and what to do.
public final class HttpServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean portTaken;

    HttpServerException(String message) {
        super(message);
        this.portTaken = false;
    }

    /// The port cannot be listened on.
    HttpServerException(String message, Throwable cause) {
        super(message, cause);
        this.portTaken = true;
    }

    /// True where another port may do.
    public boolean portTaken() {
        return portTaken;
    }
}
