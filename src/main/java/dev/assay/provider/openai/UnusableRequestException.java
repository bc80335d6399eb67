package dev.assay.provider.openai;

import java.io.Serial;

/// A request cannot be sent to this model; the message says why, without a word of the prompt.
final class UnusableRequestException extends Exception {

    @Serial private static final long serialVersionUID = 1;

    UnusableRequestException(String message) {
        super(message);
    }
}
