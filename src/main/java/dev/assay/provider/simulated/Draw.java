package dev.assay.provider.simulated;

/// Chance that repeats itself: a number that only the seed and the words it was drawn for decide.
///
/// Mixed by the finaliser of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
/// Generators, 2014).
record Draw(long bits) {

    private static final double UNIT = 0x1.0p-53;
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    static Draw of(long seed) {
        return new Draw(mix(seed + GOLDEN_GAMMA));
    }

    /// Another draw, for this and the word.
    Draw with(String word) {
        return with(word.hashCode() * 31L + word.length());
    }

    Draw with(long number) {
        return new Draw(mix(bits ^ mix(number + GOLDEN_GAMMA)));
    }

    /// From 0 to 1, 1 excluded.
    double uniform() {
        return (bits >>> 11) * UNIT;
    }

    int below(int bound) {
        return (int) (uniform() * bound);
    }

    /// Of mean 0 and deviation 1 (Box and Muller).
    double gaussian() {
        double radius = Math.sqrt(-2 * Math.log(1 - uniform()));
        return radius * Math.cos(2 * Math.PI * with(1).uniform());
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
