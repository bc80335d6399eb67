package dev.assay.config;

import java.time.Duration;
import java.util.Optional;

/// Reads what sets the pipeline itself: `topics`, `dedup` and `engine`.
final class EngineReader {

    private static final int MOST_PARTITIONS = 10_000;
    private static final int MOST_REPLICAS = Short.MAX_VALUE;
    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(366);
    private static final Duration LONGEST_DRAIN = Duration.ofHours(1);
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofDays(366);
    private static final Duration SHORTEST_KEPT_JOB = Duration.ofMinutes(1);
    private static final Duration SHORTEST_SUBMISSION = Duration.ofMinutes(1);
    private static final int MOST_WAITING = 10_000_000;
    private static final int MOST_RECENT = 10_000_000;
    private static final int MOST_IN_FLIGHT = 100_000;
    private static final int SMALLEST_RECORD_BYTES = 16 * 1024;
    private static final int LARGEST_RECORD_BYTES = 256 * 1024 * 1024;

    /// There has to be room for one reply of the largest size that is read.
    private static final int LARGEST_REPLY_BYTES = 16 << 20;

    private static final int SMALLEST_ID_LIMIT = 16;
    private static final int LARGEST_ID_LIMIT = 8192;

    private EngineReader() {}

    static TopicsConfig topics(Section topics) {
        TopicsConfig defaults = TopicsConfig.DEFAULT;
        Optional<Field> replication = topics.field("replication_factor");
        int replicas =
                topics.integer("replication_factor", -1, MOST_REPLICAS)
                        .orElse(defaults.replicationFactor());
        if (replicas == 0) {
            replication.ifPresent(
                    field ->
                            field.problem("is 0; write 1 or more, or -1 for the broker's default"));
        }
        TopicsConfig config =
                new TopicsConfig(
                        topics.field("prefix")
                                .flatMap(TopicNames::prefix)
                                .orElse(defaults.prefix()),
                        topics.integer("partitions", 1, MOST_PARTITIONS)
                                .orElse(defaults.partitions()),
                        (short) replicas);
        topics.refuseUnknownKeys();
        return config;
    }

    static EngineConfig engine(Section top) {
        EngineConfig defaults = EngineConfig.DEFAULT;
        Duration window =
                top.section("dedup").flatMap(EngineReader::window).orElse(defaults.dedupWindow());
        return top.section("engine")
                .map(engine -> engine(engine, window))
                .orElse(defaults.withDedupWindow(window));
    }

    private static Optional<Duration> window(Section dedup) {
        Optional<Duration> window = dedup.duration("window", SHORTEST_WINDOW, LONGEST_WINDOW);
        dedup.refuseUnknownKeys();
        return window;
    }

    private static EngineConfig engine(Section engine, Duration dedupWindow) {
        EngineConfig defaults = EngineConfig.DEFAULT;
        EngineConfig config =
                new EngineConfig(
                        dedupWindow,
                        engine.integer("waiting_per_task", 1, MOST_WAITING)
                                .orElse(defaults.waitingPerTask()),
                        engine.integer("default_in_flight", 1, MOST_IN_FLIGHT)
                                .orElse(defaults.defaultInFlight()),
                        engine.integer(
                                        "max_record_bytes",
                                        SMALLEST_RECORD_BYTES,
                                        LARGEST_RECORD_BYTES)
                                .orElse(defaults.maxRecordBytes()),
                        engine.integer("max_id_chars", SMALLEST_ID_LIMIT, LARGEST_ID_LIMIT)
                                .orElse(defaults.maxIdChars()),
                        engine.duration("drain_timeout", Duration.ZERO, LONGEST_DRAIN)
                                .orElse(defaults.drainTimeout()),
                        engine.integer("kept_answers_bytes", 0, Integer.MAX_VALUE)
                                .orElse((int) defaults.keptAnswersBytes()),
                        engine.duration("max_wait", SHORTEST_WAIT, LONGEST_WAIT)
                                .orElse(defaults.maxWait()),
                        engine.integer("reply_memory_bytes", LARGEST_REPLY_BYTES, Integer.MAX_VALUE)
                                .orElse((int) defaults.replyMemoryBytes()),
                        engine.integer("request_memory_bytes", 1 << 20, Integer.MAX_VALUE),
                        engine.integer("recent_prompts", 1, MOST_RECENT)
                                .orElse(defaults.recentPrompts()),
                        engine.duration("keep_jobs", SHORTEST_KEPT_JOB, LONGEST_WAIT)
                                .orElse(defaults.keepJobs()),
                        engine.duration("submit_within", SHORTEST_SUBMISSION, LONGEST_WAIT)
                                .orElse(defaults.submitWithin()));
        engine.refuseUnknownKeys();
        return config;
    }
}
