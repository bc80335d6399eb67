package dev.assay.decide.job;

/// How many lines of each job may be on their way at once.
///
/// All jobs together have half of what may wait in all tasks: enough to keep calls in flight, and
/// little enough that no partition pauses. So the lines of a job that comes later get into their
/// tasks at once, where jobs take turns, and do not stand behind those of others in a topic.
public final class Credit {

    private static final double SHARE = 0.5;

    private Credit() {}

    /// The lines of one job, at least one.
    ///
    /// @param waitingPerTask prompts that may wait in one task before its input pauses
    /// @param jobs with lines that are still to be released
    public static long ofEach(int partitions, int waitingPerTask, int jobs) {
        long all = (long) (SHARE * partitions * waitingPerTask);
        return Math.max(1, all / Math.max(1, jobs));
    }
}
