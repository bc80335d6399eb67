package dev.assay.decide.learn;

/// The grades of one model, as sums over the prompts it was graded on.
final class ModelSums {

    private static final byte VERSION = 1;

    private final float[] denseGrades;
    private final float[] bucketGrades;
    private final float[] bucketErrors;
    private Design design;
    private double grades;
    private double errors;
    private double missed;
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

    /// Notes how far a grade was from what had been predicted for it.
    void missed(FeatureVector x, double error, float by) {
        float weighted = (float) (by * error);
        for (int bucket : x.buckets()) {
            bucketErrors[bucket] += weighted;
        }
        errors += weighted;
        missed += by;
    }

    /// Mean of all errors.
    double meanError() {
        return missed > 0 ? errors / missed : 0;
    }

    /// Sum of the errors at prompts that hold an n-gram of this bucket.
    double bucketErrors(int bucket) {
        return bucketErrors[bucket];
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
        errors *= factor;
        missed *= factor;
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
        out.real(errors);
        out.real(missed);
        judged.write(out);
        out.reals(denseGrades);
        out.sparse(bucketGrades);
        out.sparse(bucketErrors);
        return out.written();
    }

    static ModelSums read(byte[] bytes, Design design, LearnSettings settings) {
        StateReader in = new StateReader("learned state", bytes, VERSION);
        double grades = in.realDouble();
        double errors = in.realDouble();
        double missed = in.realDouble();
        Judged judged = Judged.read(in);
        float[] dense = in.reals(settings.denseDims());
        float[] bucketGrades = in.sparse(settings.buckets());
        float[] bucketErrors = in.sparse(settings.buckets());
        ModelSums sums = new ModelSums(dense, bucketGrades, bucketErrors, design, judged);
        sums.grades = grades;
        sums.errors = errors;
        sums.missed = missed;
        in.end();
        return sums;
    }
}
