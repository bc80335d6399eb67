package dev.assay.provider.http;

import java.time.Duration;

/// How a request over HTTP ended.
public sealed interface HttpOutcome {

    /// A whole reply, of whatever status.
    record Replied(HttpReply reply) implements HttpOutcome {}

    /// No usable reply.
    sealed interface NoReply extends HttpOutcome {}

    /// Time was up.
    ///
    /// @param after the limit that was reached
    /// @param sent the whole request had been sent
    record TimedOut(Wait waitedFor, Duration after, boolean sent) implements NoReply {}

    /// The connection could not be made, or broke before a reply began.
    ///
    /// @param why in a few words
    /// @param sent the whole request had been sent
    record Disconnected(String why, boolean sent) implements NoReply {}

    /// The server does not prove to be the one that was asked for; an operator has to look.
    record NotTrusted(String why) implements NoReply {}

    /// A reply began with success and its body cannot be used.
    ///
    /// @param why in a few words, about the body
    record BrokenBody(String why) implements NoReply {}

    /// What was waited for in vain.
    enum Wait {
        /// The connection.
        CONNECT,
        /// The next byte.
        NEXT_BYTE,
        /// The whole reply.
        WHOLE_REPLY
    }
}
