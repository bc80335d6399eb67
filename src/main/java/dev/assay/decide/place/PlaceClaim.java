package dev.assay.decide.place;

/// What an instance tells the ledger of its places for a model. It says how things are, not what
/// changed, so that a claim which is lost or comes twice does no harm.
///
/// @param holder a partition of the instance, to which the answer goes
/// @param instance tells one start of a process from all others, as [Incarnation] says
/// @param number grows with each claim of the instance
/// @param kept so many calls are in flight or may begin, until it has the answer to this claim;
///   answers to those before it are void
/// @param wanted calls that are in flight or wait, as far as it may have them
public record PlaceClaim(
        String model, int holder, long instance, long number, int kept, int wanted) {}
