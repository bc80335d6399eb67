package dev.assay.decide.call;

import dev.assay.model.Failure;
import dev.assay.model.PromptState;

/// What a stage does next with a prompt.
public sealed interface Step {

    PromptState state();

    /// It stays: the open calls of the state are what must be made.
    record Continue(PromptState state) implements Step {}

    /// It goes on to the next station.
    record Done(PromptState state) implements Step {}

    /// It ends here without an answer.
    record Failed(PromptState state, Failure failure) implements Step {}
}
