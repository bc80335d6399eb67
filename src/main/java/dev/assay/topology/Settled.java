package dev.assay.topology;

import dev.assay.codec.StoreCodec.Pending;
import dev.assay.model.Waypoint;

/// What a step of a stage comes to once everything that can fail has been done, and before anything
/// is written.
sealed interface Settled {

    /// The prompt stays, with these bytes in the stage's store. A class and no record, since arrays
    /// know no equality.
    final class Stays implements Settled {
        private final Pending pending;
        private final byte[] bytes;

        Stays(Pending pending, byte[] bytes) {
            this.pending = pending;
            this.bytes = bytes;
        }

        Pending pending() {
            return pending;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    /// The prompt goes on, or ends.
    record Leaves(Waypoint waypoint) implements Settled {}
}
