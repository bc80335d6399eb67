package dev.assay.backtest;

import dev.assay.backtest.LoggedReport.Estimate;

import java.util.ArrayList;
import java.util.List;

/// The doubly robust estimate of a policy from prompts that another policy handled. Source: Dudík,
/// Langford and Li, "Doubly Robust Policy Evaluation and Learning", ICML 2011: a model predicts
/// what the policy's choice brings; where the choice was really made, the model's error counts by
/// one over the chance of that.
///
/// The estimate holds where either the chances or the model are right. Not for more than one
/// thread.
final class DoublyRobust {

    /// A prompt counts at most so often. Cutting trades a little bias for much less variance.
    static final double HEAVIEST = 50;

    private final long seed;
    private final List<Double> policy = new ArrayList<>();
    private final List<Double> recorded = new ArrayList<>();
    private double matchedSum;
    private int matched;

    DoublyRobust(long seed) {
        this.seed = seed;
    }

    /// One prompt where it is known what the recorded choice brought.
    ///
    /// @param ofPolicy what the model predicts of the policy's choice
    /// @param ofRecorded what it predicts of the recorded choice
    /// @param weight one over the chance of the recorded choice, cut
    /// @param seen one over the chance that what it brought is known
    /// @param value what it brought
    /// @param same the policy chooses what was recorded
    void known(
            double ofPolicy,
            double ofRecorded,
            double weight,
            double seen,
            double value,
            boolean same) {
        double error = seen * (value - ofRecorded);
        policy.add(ofPolicy + (same ? weight * error : 0));
        recorded.add(ofRecorded + error);
        if (same) {
            matchedSum += value;
            matched++;
        }
    }

    /// One prompt where it is not.
    void unknown(double ofPolicy, double ofRecorded) {
        policy.add(ofPolicy);
        recorded.add(ofRecorded);
    }

    /// @param scale of the figure
    Estimate estimate(double scale) {
        double[] ofPolicy = scaled(policy, scale);
        double[] ofRecorded = scaled(recorded, scale);
        double[] difference = new double[ofPolicy.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = ofPolicy[i] - ofRecorded[i];
        }
        return new Estimate(
                Bootstrap.mean(ofPolicy),
                new Bootstrap(seed).ofMean(ofPolicy),
                Bootstrap.mean(ofRecorded),
                Bootstrap.mean(difference),
                new Bootstrap(seed).ofMean(difference),
                matched == 0 ? 0 : scale * matchedSum / matched);
    }

    private static double[] scaled(List<Double> values, double scale) {
        return values.stream().mapToDouble(value -> scale * value).toArray();
    }
}
