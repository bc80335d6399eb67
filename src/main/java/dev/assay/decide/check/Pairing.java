package dev.assay.decide.check;

/// Two candidates that a judge compares, in the order in which it sees them.
///
/// As a slot it is below that of every seat and of the model that is to agree, so that no two calls
/// of a check share one.
///
/// @param first the index of the candidate that stands first
/// @param second the index of the other
public record Pairing(int first, int second) {

    private static final int HIGHEST_SLOT = AgreementCheck.SLOT - 1;

    public Pairing {
        if (first == second || !isCandidate(first) || !isCandidate(second)) {
            throw new IllegalArgumentException("no pair of " + first + " and " + second);
        }
    }

    /// The pairing of a call's slot.
    public static Pairing of(int slot) {
        int place = HIGHEST_SLOT - slot;
        return new Pairing(place / Seat.MAX_CANDIDATES, place % Seat.MAX_CANDIDATES);
    }

    int slot() {
        return HIGHEST_SLOT - (first * Seat.MAX_CANDIDATES + second);
    }

    private static boolean isCandidate(int index) {
        return index >= 0 && index < Seat.MAX_CANDIDATES;
    }
}
