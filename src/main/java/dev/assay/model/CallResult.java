package dev.assay.model;

import java.time.Duration;
import java.util.Optional;

/// How a call ended. Providers map every reply to one of these; none throws.
public sealed interface CallResult {

    /// The model answered.
    ///
    /// @param shared an identical request was answered, and this one was never made
    /// @param limits the provider's word on its limits
    record Answered(Completion completion, boolean shared, RateLimits limits)
            implements CallResult {

        public Answered(Completion completion) {
            this(completion, RateLimits.NONE);
        }

        public Answered(Completion completion, RateLimits limits) {
            this(completion, false, limits);
        }

        /// The same for one that shares it and so used nothing.
        public Answered sharedWithAnother() {
            return new Answered(completion.withUsage(Usage.NONE), true, RateLimits.NONE);
        }
    }

    /// It may work later: rate limits, overload, broken connections, timeouts.
    ///
    /// @param retryAfter the provider's own word for how long to wait
    /// @param evidence what it says of the model's capacity
    /// @param billed whether the provider may have billed for it all the same (a timeout, half a
    ///   body)
    /// @param limits the provider's word on its limits
    record TryAgain(
            CallError error,
            Optional<Duration> retryAfter,
            Evidence evidence,
            boolean billed,
            RateLimits limits)
            implements CallResult {

        public TryAgain(
                CallError error, Optional<Duration> retryAfter, Evidence evidence, boolean billed) {
            this(error, retryAfter, evidence, billed, RateLimits.NONE);
        }

        /// The same of a call that found its model failing for everybody.
        public TryAgain away() {
            return new TryAgain(error, retryAfter, Evidence.AWAY, billed, limits);
        }
    }

    /// This model will not work for anybody until an operator acts: key, quota, billing, unknown
    /// model.
    record GiveUpOnModel(CallError error) implements CallResult {}

    /// This model will not take this prompt; another may: bad request, content filter, context too
    /// long.
    record GiveUpOnPrompt(CallError error) implements CallResult {}

    /// What a failure says of the model.
    enum Evidence {
        /// Nothing: this call failed, others may not.
        NONE,
        /// Too much was sent at once (503, 529, timeout): send less.
        CONGESTED,
        /// Too much was sent in too short a time (429): send more slowly.
        RATE_LIMITED,
        /// It fails for everybody, and this call only found out that it still does.
        AWAY,
        /// Nothing more is taken until the wait is over (no requests or tokens remaining).
        EXHAUSTED
    }
}
