package dev.assay.decide.budget;

/// Amounts in billionths of a dollar, whole so that sums are exact: a long holds nine billion
/// dollars of them.
public final class NanoUsd {

    private static final double PER_USD = 1e9;

    private NanoUsd() {}

    /// Rounded up, but for what sums of doubles are off by.
    public static long of(double usd) {
        return (long) Math.ceil(usd * PER_USD - 1e-3);
    }

    public static double usd(long nanoUsd) {
        return nanoUsd / PER_USD;
    }
}
