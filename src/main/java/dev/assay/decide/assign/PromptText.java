package dev.assay.decide.assign;

import dev.assay.model.ChatRequest;

/// Finds the text that a prompt is told apart by.
@FunctionalInterface
public interface PromptText {

    /// What the user asks last, or all there is where it has no text.
    String of(ChatRequest request);
}
