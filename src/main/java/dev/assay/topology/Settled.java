package dev.assay.topology;

import dev.assay.codec.StoreCodec.Pending;
import dev.assay.model.PromptState;
import dev.assay.model.Result;
import dev.assay.model.Spend;
import dev.assay.model.Waypoint;

/// What a step of a stage comes to once everything that can fail has been done, and before anything
/// is written.
sealed interface Settled {

    /// What the prompt has cost so far.
    Spend spend();

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

        @Override
        public Spend spend() {
            return pending.state().spend();
        }
    }

    /// The prompt goes on, or ends.
    record Leaves(Waypoint waypoint) implements Settled {

        @Override
        public Spend spend() {
            return switch (waypoint) {
                case PromptState state -> state.spend();
                case Result.Answered answered -> answered.state().spend();
                case Result.Failed failed -> failed.state().spend();
                case Result.Rejected _ -> Spend.NOTHING;
            };
        }
    }
}
