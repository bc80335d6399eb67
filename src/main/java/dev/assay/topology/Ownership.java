package dev.assay.topology;

import dev.assay.decide.limit.Share;
import dev.assay.flight.Lanes;

import java.util.HashSet;
import java.util.Set;

/// Which partitions this instance owns, and so which share of the application's limits is its own.
///
/// Every partition is owned by one task at a time, so the shares of all instances add up to one
/// without anybody asking anybody. Safe for any thread.
final class Ownership {

    private final Lanes lanes;
    private final int partitions;
    private final Set<Integer> owned = new HashSet<>();

    /// @param partitions of the topic of prompts
    Ownership(Lanes lanes, int partitions) {
        this.lanes = lanes;
        this.partitions = partitions;
    }

    synchronized void opened(Stage stage, int partition) {
        if (stage == Stage.ANSWER) {
            owned.add(partition);
            share();
        }
    }

    synchronized void closed(Stage stage, int partition) {
        if (stage == Stage.ANSWER) {
            owned.remove(partition);
            share();
        }
    }

    private void share() {
        lanes.share(new Share(partitions, owned));
    }
}
