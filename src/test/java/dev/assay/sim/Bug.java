package dev.assay.sim;

/// A bug that is planted around the product, to see that the simulation finds it.
enum Bug {
    /// None is.
    NONE,
    /// The changelog of a stage misses some of what was written: prompts are forgotten at a crash.
    LOSES_PENDING,
    /// The changelog of seen ids misses all: duplicates pass after a crash.
    LOSES_SEEN,
    /// The ledger's store is not restored: whoever opens its task begins with an empty book.
    FORGETS_GRANTS,
    /// The same of places in flight alone: what others have in the air is let once more.
    FORGETS_PLACES,
    /// Offsets commit before the records that were made from them.
    COMMITS_OFFSETS_FIRST,
    /// Some calls never come back, not even as a timeout: their slots and prompts wait for ever.
    LOSES_CALLS,
    /// Outputs of a transaction that was given up are seen all the same.
    SHOWS_ABORTED
}
