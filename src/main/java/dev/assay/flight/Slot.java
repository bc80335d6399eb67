package dev.assay.flight;

import dev.assay.decide.limit.Grant;
import dev.assay.model.CallResult;

import java.time.Instant;

/// Room in a lane for one call, to be given back once.
public record Slot(Lane lane, Grant grant) {

    /// The call ended.
    CallResult ended(CallResult result, Instant startedAt) {
        return lane.ended(grant, result, startedAt);
    }

    /// The call was never made, or given up by us.
    public void released() {
        lane.released();
    }
}
