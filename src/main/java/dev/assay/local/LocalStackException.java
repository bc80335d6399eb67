package dev.assay.local;

/// A broker or registry on this machine could not be started. The message is for the person at the
/// command line: what failed, where, and what to do about it.
public final class LocalStackException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LocalStackException(String message) {
        super(message);
    }

    LocalStackException(String message, Throwable cause) {
        super(message, cause);
    }
}
