package dev.assay.decide.assign;

/// One model that a prompt may be sent to, and what is expected of it there.
///
/// @param usd of its answer and the check of it
/// @param pass the chance that its answer passes
/// @param passedGrade expected of an answer that passes
/// @param failedGrade expected of one that does not
/// @param noticed the chance that its check notices it where an answer should not pass; else that
///   answer is returned
record Leg(
        String model,
        double usd,
        double pass,
        double passedGrade,
        double failedGrade,
        double noticed) {

    double usdPerPass() {
        return usd / pass;
    }
}
