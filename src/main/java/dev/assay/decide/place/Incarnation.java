package dev.assay.decide.place;

/// What an instance goes by with the ledger: its home, which outlives it, and its start.
///
/// Two processes never run on one home at a time, so whoever speaks from a home knows that all who
/// spoke from it before are gone, and their calls with them.
public final class Incarnation {

    private static final long HOME = 0xffff_ffffL;

    private Incarnation() {}

    /// @param home what is the same for all starts of an instance, as its state folder is
    /// @param start a number at random
    public static long of(String home, long start) {
        return (start & ~HOME) | (home.hashCode() & HOME);
    }

    /// Whether one of them has come in the place of the other.
    static boolean succeeds(long later, long earlier) {
        return later != earlier && (later & HOME) == (earlier & HOME);
    }
}
