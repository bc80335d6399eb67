package dev.assay.flight;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A call whose answer identical requests may share.
///
/// @param request what makes requests identical: a hash of model, request and who may share it
/// @param keepFor how long an answer is kept for later ones; empty shares calls in the air only
/// @param deadline that cuts this call short
public record Reuse(String request, Optional<Duration> keepFor, Optional<Instant> deadline) {

    /// A follower may lose one part in so many of its time by its leader's deadline.
    private static final int LEAST_LOST = 10;

    /// True where waiting for that call costs this one nothing: it ends by this one's deadline, and
    /// its own deadline leaves it nearly as much time.
    boolean mayFollow(Reuse leader, Instant now) {
        if (deadline.isEmpty() || leader.deadline.isEmpty()) {
            return deadline.isEmpty() && leader.deadline.isEmpty();
        }
        Duration left = Duration.between(now, deadline.get());
        Duration lost = Duration.between(leader.deadline.get(), deadline.get());
        return !lost.isNegative() && lost.multipliedBy(LEAST_LOST).compareTo(left) <= 0;
    }
}
