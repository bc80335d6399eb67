package dev.assay.decide.place;

/// The ledger's answer to a claim.
///
/// @param holder the partition to which it goes
/// @param number of the claim that it answers
/// @param places calls that may be in flight when another one begins; fewer than before where
///   others wait
public record PlaceGrant(String model, int holder, long instance, long number, int places) {}
