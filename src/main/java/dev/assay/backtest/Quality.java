package dev.assay.backtest;

import java.util.Locale;

/// What a policy is measured by; decisions never see it.
public enum Quality {
    /// Whether the answer is right: 0 or 1, shown as a percentage.
    CORRECT,
    /// The recorded score, 1 to 10.
    SCORE;

    /// Its name on the command line.
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The grade, 0 to 10, that this much quality stands for: what learners of the truth are told.
    double grade(double quality) {
        return switch (this) {
            case CORRECT -> 10 * quality;
            case SCORE -> quality;
        };
    }

    /// What no answer at all is worth.
    double worst() {
        return switch (this) {
            case CORRECT -> 0;
            case SCORE -> 1;
        };
    }
}
