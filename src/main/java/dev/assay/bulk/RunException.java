package dev.assay.bulk;

/// A run cannot go on, though nothing is wrong with its input; the message is for the user.
public final class RunException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public RunException(String message) {
        super(message);
    }

    public RunException(String message, Throwable cause) {
        super(message, cause);
    }
}
