package dev.assay.model;

import java.time.Duration;
import java.util.OptionalDouble;

/// One model's try at a prompt, retries folded in: what a result says of it.
///
/// @param round the assign round, from 1
/// @param status `answered`, or the code of the failure
/// @param grade the grade of its answer, once there is one
/// @param latency of the last try
/// @param tries calls made for it
/// @param propensity the chance with which assign chose the model
/// @param why assign's reason
public record Attempt(
        int round,
        String model,
        String status,
        OptionalDouble grade,
        Duration latency,
        int tries,
        Usage usage,
        double costUsd,
        double propensity,
        String why) {

    public static final String ANSWERED = "answered";

    public Attempt withGrade(OptionalDouble newGrade) {
        return new Attempt(
                round, model, status, newGrade, latency, tries, usage, costUsd, propensity, why);
    }
}
