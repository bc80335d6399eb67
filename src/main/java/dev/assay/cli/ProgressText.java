package dev.assay.cli;

import dev.assay.bulk.RunProgress;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/// Words for the progress of a run. The rate is that of the last seconds, so the time left follows
/// what happens now. For one thread.
final class ProgressText {

    private static final long WINDOW_NANOS = Duration.ofSeconds(15).toNanos();
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int BAR_CHARS = 16;

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, long done) {}

    /// @param nanos of [System#nanoTime]
    void note(long nanos, RunProgress progress) {
        samples.addLast(new Sample(nanos, progress.done()));
        while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
    }

    String bar(RunProgress progress, int inFlight) {
        long total = progress.estimatedLines().orElse(0);
        int filled = total == 0 ? 0 : (int) (BAR_CHARS * progress.done() / total);
        return "[%s%s] %s/%s  %s  in flight %,d  failed %,d  USD %.4f  %s"
                .formatted(
                        "#".repeat(filled),
                        "-".repeat(BAR_CHARS - filled),
                        count(progress.done()),
                        total(progress),
                        rate(),
                        inFlight,
                        progress.failed(),
                        progress.costUsd(),
                        timeLeft(progress))
                .stripTrailing();
    }

    String line(RunProgress progress, int inFlight) {
        return "%s of %s prompts done, %s, %,d calls in flight, %,d failed, USD %.4f spent%s"
                .formatted(
                        count(progress.done()),
                        total(progress),
                        rate(),
                        inFlight,
                        progress.failed(),
                        progress.costUsd(),
                        timeLeft(progress).isEmpty() ? "" : ", " + timeLeft(progress));
    }

    /// Prompts per second.
    private double perSecond() {
        if (samples.size() < 2) {
            return 0;
        }
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        double seconds = (last.nanos() - first.nanos()) / NANOS_PER_SECOND;
        return seconds <= 0 ? 0 : (last.done() - first.done()) / seconds;
    }

    private String rate() {
        double perSecond = perSecond();
        return perSecond >= 100 ? "%,.0f/s".formatted(perSecond) : "%.1f/s".formatted(perSecond);
    }

    private String timeLeft(RunProgress progress) {
        double perSecond = perSecond();
        long left = progress.estimatedLines().orElse(0) - progress.done();
        if (perSecond <= 0 || left <= 0) {
            return "";
        }
        return brief(Duration.ofSeconds((long) Math.ceil(left / perSecond))) + " left";
    }

    private static String count(long value) {
        return "%,d".formatted(value);
    }

    private static String total(RunProgress progress) {
        OptionalLong total = progress.estimatedLines();
        if (total.isEmpty()) {
            return "?";
        }
        return (progress.allRead() ? "" : "~") + count(total.getAsLong());
    }

    private static String brief(Duration time) {
        if (time.toHours() > 0) {
            return "%dh%02dm".formatted(time.toHours(), time.toMinutesPart());
        }
        return time.toMinutes() > 0
                ? "%dm%02ds".formatted(time.toMinutes(), time.toSecondsPart())
                : time.toSeconds() + "s";
    }
}
