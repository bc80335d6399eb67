package dev.assay.topology;

import java.util.List;
import java.util.Map;

/// How an instance is.
///
/// @param dead why it should be replaced; empty while it can work
/// @param notReady why it does no work now, each saying what, where and what to do; empty while it
///   does
/// @param details for people
public record Health(List<String> dead, List<String> notReady, Map<String, String> details) {

    public Health {
        dead = List.copyOf(dead);
        notReady = List.copyOf(notReady);
        details = Map.copyOf(details);
    }

    /// It has not come up yet.
    public static Health starting() {
        return new Health(
                List.of(),
                List.of(
                        "it is starting: it looks for Kafka and the registry and restores its state;"
                                + " wait, the log says more"),
                Map.of("state", "STARTING"));
    }

    /// It is on its way down.
    public static Health stopping() {
        return new Health(
                List.of(),
                List.of("it is stopping: no call starts, those in the air are awaited"),
                Map.of("state", "STOPPING"));
    }
}
