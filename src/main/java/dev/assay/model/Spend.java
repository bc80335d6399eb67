package dev.assay.model;

/// What a prompt has cost so far, in USD.
///
/// @param answerUsd calls that answer
/// @param checkUsd calls that check
/// @param uncertainUsd the part whose bill is unknown (timeouts, broken replies), counted at its
///   estimate
/// @param usage tokens of all calls
public record Spend(double answerUsd, double checkUsd, double uncertainUsd, Usage usage) {

    public static final Spend NOTHING = new Spend(0, 0, 0, Usage.NONE);

    public double totalUsd() {
        return answerUsd + checkUsd;
    }

    /// With a call added whose usage is known.
    public Spend plus(Purpose purpose, double costUsd, Usage used) {
        return switch (purpose) {
            case ANSWER, FUSE ->
                    new Spend(answerUsd + costUsd, checkUsd, uncertainUsd, usage.plus(used));
            case CHECK, OPINION, COMPARE ->
                    new Spend(answerUsd, checkUsd + costUsd, uncertainUsd, usage.plus(used));
        };
    }

    /// With a call added that may or may not be billed; it is in the total and in the uncertain
    /// part.
    public Spend plusUncertain(Purpose purpose, double costUsd) {
        Spend sum = plus(purpose, costUsd, Usage.NONE);
        return new Spend(sum.answerUsd, sum.checkUsd, uncertainUsd + costUsd, usage);
    }
}
