package dev.assay.decide.learn;

/// Which prompts were graded, as sums: what does not depend on the grades.
///
/// Models that were graded on the same prompts share one; it is copied as soon as they part. Two
/// are never equal, whatever they hold.
final class Design {

    private static final byte VERSION = 1;

    private final float[] upper;
    private final float[] seen;
    private double weight;

    private Design(float[] upper, float[] seen, double weight) {
        this.upper = upper;
        this.seen = seen;
        this.weight = weight;
    }

    static Design empty(LearnSettings settings) {
        int dims = settings.denseDims();
        return new Design(new float[dims * (dims + 1) / 2], new float[settings.buckets()], 0);
    }

    Design copy() {
        return new Design(upper.clone(), seen.clone(), weight);
    }

    void add(FeatureVector x, float by) {
        float[] dense = x.dense();
        int at = 0;
        for (int row = 0; row < dense.length; row++) {
            float scaled = dense[row] * by;
            int width = dense.length - row;
            if (scaled != 0) {
                for (int i = 0; i < width; i++) {
                    upper[at + i] += scaled * dense[row + i];
                }
            }
            at += width;
        }
        for (int bucket : x.buckets()) {
            seen[bucket] += by;
        }
        weight += by;
    }

    void fade(float factor) {
        scale(upper, factor);
        scale(seen, factor);
        weight *= factor;
    }

    /// Weight of all prompts.
    double weight() {
        return weight;
    }

    /// Weight of the prompts that hold an n-gram of this bucket.
    double seen(int bucket) {
        return seen[bucket];
    }

    /// How much an n-gram of this bucket tells (inverse document frequency); 0 where every prompt
    /// holds one.
    double rarity(int bucket) {
        return Math.max(0, Math.log((1 + weight) / (1 + seen[bucket])));
    }

    Cholesky factorised(double[] penalties) {
        return Cholesky.of(upper, penalties);
    }

    /// The last column: the sum of each feature, since the last feature is always 1.
    double[] sums(int dims) {
        double[] sums = new double[dims];
        int at = 0;
        for (int row = 0; row < dims; row++) {
            at += dims - row;
            sums[row] = upper[at - 1];
        }
        return sums;
    }

    /// 1 / (diagonal + penalty): how uncertain each weight is, seen alone.
    float[] uncertainty(double[] penalties) {
        float[] values = new float[penalties.length];
        int at = 0;
        for (int row = 0; row < values.length; row++) {
            values[row] = (float) (1 / (upper[at] + penalties[row]));
            at += values.length - row;
        }
        return values;
    }

    byte[] write() {
        StateWriter out = new StateWriter(VERSION);
        out.real(weight);
        out.reals(upper);
        out.sparse(seen);
        return out.written();
    }

    static Design read(byte[] bytes, LearnSettings settings) {
        StateReader in = new StateReader("learned state", bytes, VERSION);
        int dims = settings.denseDims();
        double weight = in.realDouble();
        float[] upper = in.reals(dims * (dims + 1) / 2);
        Design design = new Design(upper, in.sparse(settings.buckets()), weight);
        in.end();
        return design;
    }

    static void scale(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }
}
