package dev.assay.flight;

/// Which call it is, across closing and reopening of the task that wants it.
///
/// @param tries how often the model was tried for it before; a retry is another flight
public record FlightKey(
        String stage,
        int partition,
        String promptId,
        int generation,
        int round,
        int slot,
        String model,
        int tries) {}
