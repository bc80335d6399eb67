package dev.assay.config;

import java.time.Duration;
import java.util.OptionalInt;

/// How the pipeline itself is set; every bound of it has a name here.
///
/// @param dedupWindow how long an id is remembered
/// @param waitingPerTask prompts that may wait in one task before its input is paused
/// @param defaultInFlight calls in flight per model that sets no limit of its own
/// @param maxRecordBytes the largest record written to any topic or store
/// @param maxIdChars the longest id accepted
/// @param drainTimeout how long a stopping instance waits for calls in the air
/// @param maxWait how long a prompt may be under way before calls that still wait are given up
/// @param keptAnswersBytes memory for answers that identical requests may share later
/// @param replyMemoryBytes memory for large replies that are being read, all together
/// @param requestMemoryBytes memory for the requests of all calls in the air, about; absent: a
///   quarter of the heap
/// @param recentPrompts the last rounds of prompts that grades from outside may still be for
/// @param keepJobs how long a job that has ended is remembered
/// @param submitWithin how long a job may take until all its lines are in
public record EngineConfig(
        Duration dedupWindow,
        int waitingPerTask,
        int defaultInFlight,
        int maxRecordBytes,
        int maxIdChars,
        Duration drainTimeout,
        long keptAnswersBytes,
        Duration maxWait,
        long replyMemoryBytes,
        OptionalInt requestMemoryBytes,
        int recentPrompts,
        Duration keepJobs,
        Duration submitWithin) {

    public static final EngineConfig DEFAULT =
            new EngineConfig(
                    Duration.ofHours(24),
                    2_000,
                    256,
                    8 * 1024 * 1024,
                    512,
                    Duration.ofSeconds(10),
                    64L * 1024 * 1024,
                    Duration.ofHours(24),
                    128L * 1024 * 1024,
                    OptionalInt.empty(),
                    50_000,
                    Duration.ofDays(30),
                    Duration.ofHours(24));

    /// The same but for how long an id is remembered.
    public EngineConfig withDedupWindow(Duration window) {
        return new EngineConfig(
                window,
                waitingPerTask,
                defaultInFlight,
                maxRecordBytes,
                maxIdChars,
                drainTimeout,
                keptAnswersBytes,
                maxWait,
                replyMemoryBytes,
                requestMemoryBytes,
                recentPrompts,
                keepJobs,
                submitWithin);
    }
}
