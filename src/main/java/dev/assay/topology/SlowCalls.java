package dev.assay.topology;

import dev.assay.flight.FlightKey;
import dev.assay.flight.Hedges;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/// Which calls of a stage have been in the air for so long that a second try may be worth it.
///
/// Knows the calls of models with second tries, in the order in which they began; each is named at
/// most once. Used by the task's stream thread.
final class SlowCalls {

    private record Begun(FlightKey key, Instant at) {}

    private final Hedges hedges;
    private final Map<String, Queue<Begun>> byModel = new HashMap<>();

    SlowCalls(Hedges hedges) {
        this.hedges = hedges;
    }

    void began(FlightKey key, Instant at) {
        if (hedges.covers(key.model())) {
            byModel.computeIfAbsent(key.model(), _ -> new ArrayDeque<>()).add(new Begun(key, at));
        }
    }

    /// The next call that is slow for its model; it may have come back meanwhile.
    Optional<FlightKey> next(Instant now) {
        for (Map.Entry<String, Queue<Begun>> entry : byModel.entrySet()) {
            Optional<Duration> slowAfter = hedges.slowAfter(entry.getKey());
            Begun oldest = entry.getValue().peek();
            if (oldest != null
                    && slowAfter.isPresent()
                    && !now.isBefore(oldest.at().plus(slowAfter.get()))) {
                entry.getValue().remove();
                return Optional.of(oldest.key());
            }
        }
        return Optional.empty();
    }
}
