package dev.assay.topology;

import dev.assay.flight.Lane.Precedence;
import dev.assay.model.Priority;

import java.util.Locale;

/// The two stations of the road that call models.
enum Stage {
    ANSWER(Precedence.ANSWER, Precedence.BULK_ANSWER),
    CHECK(Precedence.CHECK, Precedence.BULK_CHECK);

    private final Precedence interactive;
    private final Precedence bulk;

    Stage(Precedence interactive, Precedence bulk) {
        this.interactive = interactive;
        this.bulk = bulk;
    }

    Precedence precedence(Priority priority) {
        return switch (priority) {
            case INTERACTIVE -> interactive;
            case BULK -> bulk;
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
