package dev.assay.decide.learn;

/// The grades of one model, as sums over the prompts it was graded on.
final class ModelSums {

    private static final byte VERSION = 2;

    /// What was kept of errors in version 1 meant something else, and is left out.
    private static final byte VERSION_OF_MEAN_ERRORS = 1;

    /// How far each error moves what is said of the prompt that it was made on. Tried on mmlu and
    /// gsm8k: from 0.04 to 0.1 it makes no difference.
    private static final double STEP = 0.06;

    /// No error is made up for by more than this share at once, however heavy it is.
    private static final double MOST_MADE_UP = 0.5;

    private final float[] denseGrades;
    private final float[] bucketGrades;
    private final float[] bucketErrors;
    private Design design;
    private double grades;
    private final Judged judged;

    private ModelSums(
            float[] denseGrades,
            float[] bucketGrades,
            float[] bucketErrors,
            Design design,
            Judged judged) {
        this.design = design;
        this.denseGrades = denseGrades;
        this.bucketGrades = bucketGrades;
        this.bucketErrors = bucketErrors;
        this.judged = judged;
    }

    static ModelSums empty(Design design, LearnSettings settings) {
        return new ModelSums(
                new float[settings.denseDims()],
                new float[settings.buckets()],
                new float[settings.buckets()],
                design,
                new Judged());
    }

    /// The prompts that this model was graded on.
    Design design() {
        return design;
    }

    /// Parts from the models that it shared its prompts with.
    void goesOwnWay(Design own) {
        design = own;
    }

    /// Adds a grade; the design adds the prompt.
    void add(FeatureVector x, double grade, float by) {
        float weighted = (float) (by * grade);
        float[] dense = x.dense();
        for (int i = 0; i < dense.length; i++) {
            denseGrades[i] += weighted * dense[i];
        }
        for (int bucket : x.buckets()) {
            bucketGrades[bucket] += weighted;
        }
        grades += weighted;
    }

    /// Notes how far a grade was from what the other views and [#corrected] had said of it: a step
    /// of stochastic gradient descent on the squared error, over n-grams weighted by their rarity.
    void missed(FeatureVector x, double error, float by) {
        double squares = 0;
        for (int bucket : x.buckets()) {
            double rarity = design.rarity(bucket);
            squares += rarity * rarity;
        }
        double madeUp = STEP * by * squares * x.gramScale() * x.gramScale();
        double bounded = Math.min(1, MOST_MADE_UP / Math.max(madeUp, Double.MIN_NORMAL));
        float step = (float) (bounded * by * error * x.gramScale());
        for (int bucket : x.buckets()) {
            bucketErrors[bucket] += step;
        }
    }

    /// The points by which what was missed so far corrects a prediction for this prompt.
    double corrected(FeatureVector x) {
        double sum = 0;
        for (int bucket : x.buckets()) {
            sum += correction(bucket);
        }
        return sum * x.gramScale();
    }

    /// The weight of a bucket in [#corrected].
    double correction(int bucket) {
        if (bucketErrors[bucket] == 0) {
            return 0;
        }
        double rarity = design.rarity(bucket);
        return STEP * rarity * rarity * bucketErrors[bucket];
    }

    /// What predictions for this model were worth.
    Judged judged() {
        return judged;
    }

    void fade(float factor) {
        Design.scale(denseGrades, factor);
        Design.scale(bucketGrades, factor);
        Design.scale(bucketErrors, factor);
        grades *= factor;
    }

    /// Sum of all grades.
    double grades() {
        return grades;
    }

    /// Sum of the grades of prompts that hold an n-gram of this bucket.
    double bucketGrades(int bucket) {
        return bucketGrades[bucket];
    }

    /// Sums of the grades by feature, each grade less `origin`.
    ///
    /// @param sums of the features themselves
    double[] denseGrades(double[] sums, double origin) {
        double[] values = new double[sums.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = denseGrades[i] - origin * sums[i];
        }
        return values;
    }

    byte[] write() {
        StateWriter out = new StateWriter(VERSION);
        out.real(grades);
        judged.write(out);
        out.reals(denseGrades);
        out.sparse(bucketGrades);
        out.sparse(bucketErrors);
        return out.written();
    }

    static ModelSums read(byte[] bytes, Design design, LearnSettings settings) {
        boolean old = bytes.length > 0 && bytes[0] == VERSION_OF_MEAN_ERRORS;
        StateReader in =
                new StateReader("learned state", bytes, old ? VERSION_OF_MEAN_ERRORS : VERSION);
        double grades = in.realDouble();
        if (old) {
            in.realDouble();
            in.realDouble();
        }
        Judged judged = Judged.read(in);
        float[] dense = in.reals(settings.denseDims());
        float[] bucketGrades = in.sparse(settings.buckets());
        float[] kept = in.sparse(settings.buckets());
        float[] bucketErrors = old ? new float[settings.buckets()] : kept;
        ModelSums sums = new ModelSums(dense, bucketGrades, bucketErrors, design, judged);
        sums.grades = grades;
        in.end();
        return sums;
    }
}
