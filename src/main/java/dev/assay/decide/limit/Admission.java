package dev.assay.decide.limit;

import dev.assay.model.CallError;

import java.time.Instant;

/// What a lane says to a call that wants to start.
public sealed interface Admission {

    /// It may start, and must be reported when it ends.
    ///
    /// @param state the lane with the call in flight
    /// @param grant to be given back with its end
    record Granted(LaneState state, Grant grant) implements Admission {}

    /// Everything allowed is in flight; ask again when a call has ended.
    record Full() implements Admission {}

    /// Ask again no earlier than this.
    record NotBefore(Instant at) implements Admission {}

    /// The model fails at present, and is tried again now and then; the call goes elsewhere or
    /// waits.
    record Broken(CallError error) implements Admission {}

    /// The model is out of service; the call ends at once with this.
    record OutOfService(CallError error) implements Admission {}
}
