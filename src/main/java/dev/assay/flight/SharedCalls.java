package dev.assay.flight;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;

import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.FailureCode;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Which calls identical requests share: those in the air, and answers kept for a while in memory.
///
/// Only answers are kept, never failures. Safe for any thread.
final class SharedCalls {

    /// Calls that may wait for one in the air, per instance; further ones are made. Their prompts
    /// are in memory, so their number has a limit.
    static final int MAX_FOLLOWERS = 10_000;

    private final Map<Group, Leader> leaders = new ConcurrentHashMap<>();
    private final Cache<String, Kept> kept;

    /// Calls that may follow each other: those with a deadline never lead those without.
    private record Group(String request, boolean timed) {

        private static Group of(Reuse reuse) {
            return new Group(reuse.request(), reuse.deadline().isPresent());
        }
    }

    private record Leader(Flight flight, Reuse reuse) {}

    private record Kept(Answered answer, Duration keepFor) {

        private int chars() {
            return answer.completion().responseJson().length() + 1;
        }
    }

    /// @param maxKeptBytes of all answers kept
    SharedCalls(long maxKeptBytes, InstantSource clock) {
        this.kept =
                Caffeine.newBuilder()
                        .maximumWeight(Math.max(1, maxKeptBytes / Character.BYTES))
                        .weigher((String _, Kept answer) -> answer.chars())
                        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                        .expireAfter(Expiry.creating((String _, Kept answer) -> answer.keepFor()))
                        .executor(Runnable::run)
                        .build();
    }

    /// The answer to an identical request, if it is kept.
    Optional<Answered> answer(Reuse reuse) {
        return reuse.keepFor().isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(kept.getIfPresent(reuse.request())).map(Kept::answer);
    }

    /// An identical request in the air that this one may wait for, if there is one.
    Optional<Flight> leader(Reuse reuse, Instant now) {
        return Optional.ofNullable(leaders.get(Group.of(reuse)))
                .filter(leader -> reuse.mayFollow(leader.reuse(), now))
                .map(Leader::flight)
                .filter(Flight::inAir);
    }

    void lead(Reuse reuse, Flight flight) {
        leaders.put(Group.of(reuse), new Leader(flight, reuse));
    }

    /// A call that others may share has come back, or was given up.
    void ended(Reuse reuse, Flight flight, Optional<CallResult> result) {
        leaders.remove(Group.of(reuse), new Leader(flight, reuse));
        if (result.isPresent()
                && result.get() instanceof Answered answer
                && reuse.keepFor().isPresent()) {
            kept.put(reuse.request(), new Kept(answer, reuse.keepFor().get()));
        }
    }

    /// What a result means for those who shared it and paid nothing.
    static CallResult forFollower(CallResult result) {
        return switch (result) {
            case Answered answered -> answered.sharedWithAnother();
            case TryAgain failure -> {
                TryAgain unpaid =
                        new TryAgain(
                                failure.error(), failure.retryAfter(), failure.evidence(), false);
                // The time that ran out was the leader's: this one has not had its try yet.
                yield failure.error().code() == FailureCode.DEADLINE_EXCEEDED
                        ? unpaid.away()
                        : unpaid;
            }
            case GiveUpOnModel _, GiveUpOnPrompt _ -> result;
        };
    }
}
