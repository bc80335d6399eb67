package dev.assay.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/// What happened, in order: the last events as text, all of them as one number.
final class Trace {

    /// Prints every event, for one seed that one wants to look at.
    private static final boolean ALOUD = Boolean.getBoolean("sim.trace");

    private static final int KEPT = 80;
    private static final long PRIME = 1_099_511_628_211L;

    private final Scheduler scheduler;
    private final boolean aloud;
    private final Deque<String> last = new ArrayDeque<>();
    private long digest = 0xcbf29ce484222325L;
    private long events;

    /// @param silent prints nothing, whatever was asked for
    Trace(Scheduler scheduler, boolean silent) {
        this.scheduler = scheduler;
        this.aloud = ALOUD && !silent;
    }

    void add(String event) {
        String line = String.format(Locale.ROOT, "%12.3f ms  ", scheduler.nowNanos() / 1e6) + event;
        for (int i = 0; i < line.length(); i++) {
            digest = (digest ^ line.charAt(i)) * PRIME;
        }
        events++;
        if (aloud) {
            System.err.println(line);
        }
        last.add(line);
        if (last.size() > KEPT) {
            last.remove();
        }
    }

    /// Two runs with equal digests went alike.
    long digest() {
        return digest;
    }

    long events() {
        return events;
    }

    String tail() {
        return String.join("\n", last);
    }
}
