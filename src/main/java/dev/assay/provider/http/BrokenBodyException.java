package dev.assay.provider.http;

import java.io.IOException;
import java.io.Serial;

/// A body cannot be used; the message says why, in a few words.
final class BrokenBodyException extends IOException {

    @Serial private static final long serialVersionUID = 1;

    BrokenBodyException(String message) {
        super(message);
    }

    BrokenBodyException(String message, IOException cause) {
        super(message, cause);
    }
}
