package dev.assay.model;

/// What a model is called for.
public enum Purpose {
    /// To answer the prompt.
    ANSWER,
    /// To make one answer of several.
    FUSE,
    /// To judge an answer.
    CHECK,
    /// To answer the prompt on its own, for comparison with the answer under check.
    OPINION,
    /// To say which of two answers is better.
    COMPARE;

    /// What its cost counts as, answer or check.
    public Purpose account() {
        return switch (this) {
            case ANSWER, FUSE -> ANSWER;
            case CHECK, OPINION, COMPARE -> CHECK;
        };
    }
}
