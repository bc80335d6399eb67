package dev.assay.provider.reply;

import dev.assay.model.Completion;

/// What a successful status brought.
public sealed interface Reading {

    record Complete(Completion completion) implements Reading {}

    /// An error in spite of the status; `ReplyErrors` knows what it means.
    record ErrorInside() implements Reading {}

    /// Neither an answer nor an error.
    ///
    /// @param why in a few words, about the body
    record Unusable(String why) implements Reading {}

    /// What of a body that is not the JSON object one hoped for.
    static Reading ofNoObject(String body) {
        // Some gateways wrap an error in a list, which is no object either.
        if (ErrorBody.parse(body).isError()) {
            return new ErrorInside();
        }
        return new Unusable(
                body.stripLeading().startsWith("<") ? "it is HTML" : "it is no valid JSON");
    }
}
