package dev.assay.decide.check;

/// The place of a judge's call in the check of a prompt: which candidate, and which of the judges
/// that are asked at once.
///
/// As a slot it is `judge * MAX_CANDIDATES + candidate`, so that one judge at a time, as of a panel
/// of the first, has the candidate's own number.
///
/// @param judge 0 for the first of the judges that are asked at once
/// @param candidate the index of the candidate
public record Seat(int judge, int candidate) {

    /// More candidates than a round has.
    public static final int MAX_CANDIDATES = 1_000;

    public Seat {
        if (candidate < 0 || candidate >= MAX_CANDIDATES || judge < 0) {
            throw new IllegalArgumentException("no seat " + judge + " for candidate " + candidate);
        }
    }

    /// The seat of a call's slot.
    public static Seat of(int slot) {
        return new Seat(slot / MAX_CANDIDATES, slot % MAX_CANDIDATES);
    }

    public int slot() {
        return judge * MAX_CANDIDATES + candidate;
    }
}
