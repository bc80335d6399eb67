package dev.assay.decide.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What no job needs any more of the topic of lines. Lines of several jobs may lie among each other
/// in a partition.
public final class UnneededLines {

    private UnneededLines() {}

    /// Offsets by partition, before which every line has been released or has ended without that.
    ///
    /// @param jobs all that have lines in the partitions of any of them
    public static Map<Integer, Long> before(List<Job> jobs) {
        Map<Integer, Long> released = new HashMap<>();
        Map<Integer, Long> needed = new HashMap<>();
        for (Job job : jobs) {
            int partition = job.spec().linesPartition();
            if (job.state().ended()) {
                released.merge(partition, job.cursor(), Math::max);
            } else {
                needed.merge(partition, job.cursor(), Math::min);
            }
        }
        released.putAll(needed);
        return released;
    }
}
