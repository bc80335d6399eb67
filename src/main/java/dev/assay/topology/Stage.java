package dev.assay.topology;

import dev.assay.flight.Lane;

import java.util.Locale;

/// The two stations of the road that call models.
enum Stage {
    ANSWER(Lane.Precedence.ANSWER),
    CHECK(Lane.Precedence.CHECK);

    private final Lane.Precedence precedence;

    Stage(Lane.Precedence precedence) {
        this.precedence = precedence;
    }

    Lane.Precedence precedence() {
        return precedence;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
