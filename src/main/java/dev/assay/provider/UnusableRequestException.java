package dev.assay.provider;

import java.io.Serial;

/// A request cannot be sent to this model; the message says why, without a word of the prompt.
public final class UnusableRequestException extends Exception {

    @Serial private static final long serialVersionUID = 1;

    public UnusableRequestException(String message) {
        super(message);
    }
}
