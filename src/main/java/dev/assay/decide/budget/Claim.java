package dev.assay.decide.budget;

/// What a purse tells its ledger: what it has spent and given back so far, and what it needs.
///
/// All sums are of the purse's whole life, so that a claim that comes twice changes nothing.
///
/// @param holder the partition whose purse it is
/// @param incarnation of the holder; another one has taken over once another number comes
/// @param number grows with each claim of an incarnation
/// @param neededNanoUsd less than this is of no use; 0 where nothing is asked for
/// @param wantedNanoUsd what it would like to have at once
/// @param spentNanoUsd bills, known and unknown
/// @param uncertainNanoUsd the part of it whose bill is unknown
/// @param returnedNanoUsd granted, not spent, and given back
/// @param idleNanoUsd granted, and neither spent nor set aside for a call
public record Claim(
        Account account,
        int holder,
        long incarnation,
        long number,
        long neededNanoUsd,
        long wantedNanoUsd,
        long spentNanoUsd,
        long uncertainNanoUsd,
        long returnedNanoUsd,
        long idleNanoUsd) {}
