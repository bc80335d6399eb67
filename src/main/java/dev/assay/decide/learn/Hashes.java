package dev.assay.decide.learn;

/// Hashes that are the same on every machine and in every version, since stored sums go by them.
final class Hashes {

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private Hashes() {}

    /// A permutation of the 32-bit numbers in which every bit depends on every bit.
    ///
    /// Source: Wellons, hash-prospector, `lowbias32`.
    static int mix(int x) {
        int h = x ^ (x >>> 16);
        h *= 0x7feb352d;
        h ^= h >>> 15;
        h *= 0x846ca68b;
        return h ^ (h >>> 16);
    }

    /// The same for 64 bits.
    ///
    /// Source: Stafford, "Better bit mixing", variant 13.
    static long mix64(long x) {
        long h = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
        return h ^ (h >>> 31);
    }

    /// A step of a running hash: the value so far and one more part.
    static long step(long hash, long part) {
        long h = (hash ^ part) * GOLDEN;
        return h ^ (h >>> 29);
    }

    /// A bucket of 2^bits for a running hash.
    static int bucket(long hash, int bits) {
        return (int) ((hash * GOLDEN) >>> (Long.SIZE - bits));
    }

    /// A running hash over a text, begun with what kind of feature it is.
    static long of(long kind, CharSequence text) {
        long hash = kind;
        for (int i = 0; i < text.length(); i++) {
            hash = step(hash, text.charAt(i));
        }
        return hash;
    }
}
