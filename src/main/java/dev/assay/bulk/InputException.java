package dev.assay.bulk;

/// An input, or a results file of an earlier run, that cannot be used at all; single bad lines
/// never throw this.
///
/// The message is for the user: what, where, and what to do.
public final class InputException extends Exception {

    private static final long serialVersionUID = 1;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
