package dev.assay.flight;

/// Which call it is, across closing and reopening of the task that wants it.
///
/// @param subject a hash of what the model is shown; the same call of a prompt may have been about
///   something else, where its task was undone or its id sent again
/// @param tries how often the model was tried for it before; a retry is another flight
public record FlightKey(
        String stage,
        int partition,
        String promptId,
        int subject,
        int round,
        int slot,
        String model,
        int tries) {}
