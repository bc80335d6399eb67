package dev.assay.flight;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;

import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.CallResult.TryAgain;

import java.time.Duration;
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

    private final Map<String, Flight> leaders = new ConcurrentHashMap<>();
    private final Cache<String, Kept> kept;

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

    /// An identical request in the air, if there is one.
    Optional<Flight> leader(Reuse reuse) {
        return Optional.ofNullable(leaders.get(reuse.request())).filter(Flight::inAir);
    }

    void lead(Reuse reuse, Flight flight) {
        leaders.put(reuse.request(), flight);
    }

    /// A call that others may share has come back, or was given up.
    void ended(Reuse reuse, Flight flight, Optional<CallResult> result) {
        leaders.remove(reuse.request(), flight);
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
            case TryAgain failure ->
                    new TryAgain(failure.error(), failure.retryAfter(), failure.evidence(), false);
            case GiveUpOnModel _, GiveUpOnPrompt _ -> result;
        };
    }
}
