package dev.assay.cli;

import dev.assay.bulk.RunProgress;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Shows how far a run is: a bar on a terminal, a line every few seconds elsewhere.
final class ProgressDisplay implements AutoCloseable {

    private static final Duration BAR_PERIOD = Duration.ofMillis(250);
    private static final Duration LINE_PERIOD = Duration.ofSeconds(5);
    private static final int USUAL_COLUMNS = 80;
    private static final String TO_LINE_START = "\r";
    private static final String CLEAR_TO_LINE_END = "\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;
    private final int columns;
    private final Supplier<RunProgress> progress;
    private final Supplier<Map<String, Integer>> inFlight;
    private final ProgressText text = new ProgressText();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("progress").factory());
    private boolean over;

    private ProgressDisplay(
            PrintWriter err,
            Supplier<RunProgress> progress,
            Supplier<Map<String, Integer>> inFlight) {
        this.err = err;
        // Java cannot tell whether stderr is a terminal; the launcher can.
        this.terminal = Boolean.getBoolean("assay.terminal");
        int told = Integer.getInteger("assay.columns", 0);
        // A terminal that nobody has given a size says 0.
        this.columns = told > 0 ? told : USUAL_COLUMNS;
        this.progress = progress;
        this.inFlight = inFlight;
    }

    /// Begins to show.
    ///
    /// @param progress asked again and again, by a thread of its own
    /// @param inFlight calls in flight by model
    static ProgressDisplay start(
            PrintWriter err,
            Supplier<RunProgress> progress,
            Supplier<Map<String, Integer>> inFlight) {
        ProgressDisplay display = new ProgressDisplay(err, progress, inFlight);
        long periodMs = (display.terminal ? BAR_PERIOD : LINE_PERIOD).toMillis();
        display.text.note(System.nanoTime(), progress.get());
        var _ =
                display.timer.scheduleAtFixedRate(
                        display::show, periodMs, periodMs, TimeUnit.MILLISECONDS);
        return display;
    }

    /// Shows a last time, and no more.
    @Override
    public synchronized void close() {
        if (over) {
            return;
        }
        timer.shutdownNow();
        if (terminal) {
            show();
            err.println();
        }
        over = true;
    }

    private synchronized void show() {
        if (over) {
            return;
        }
        RunProgress now = progress.get();
        int calls = inFlight.get().values().stream().mapToInt(Integer::intValue).sum();
        text.note(System.nanoTime(), now);
        if (terminal) {
            String bar = text.bar(now, calls);
            err.print(
                    TO_LINE_START
                            + bar.substring(0, Math.min(bar.length(), columns - 1))
                            + CLEAR_TO_LINE_END);
        } else {
            err.println(text.line(now, calls));
        }
        err.flush();
    }
}
