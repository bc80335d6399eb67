package dev.assay.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// A prompt for a test, which says only what matters to it.
public final class PromptSample {

    private String id = "p-1";
    private int chars = 400;
    private OptionalInt maxOutputTokens = OptionalInt.empty();
    private Optional<String> task = Optional.empty();
    private Optional<String> tenant = Optional.empty();
    private Optional<String> route = Optional.empty();
    private Optional<Instant> deadline = Optional.empty();
    private OptionalDouble maxCostUsd = OptionalDouble.empty();
    private List<String> requiredTags = List.of();
    private Optional<String> reference = Optional.empty();

    public PromptSample id(String newId) {
        id = newId;
        return this;
    }

    public PromptSample chars(int newChars) {
        chars = newChars;
        return this;
    }

    public PromptSample maxOutputTokens(int tokens) {
        maxOutputTokens = OptionalInt.of(tokens);
        return this;
    }

    public PromptSample task(String newTask) {
        task = Optional.of(newTask);
        return this;
    }

    public PromptSample tenant(String newTenant) {
        tenant = Optional.of(newTenant);
        return this;
    }

    public PromptSample route(String newRoute) {
        route = Optional.of(newRoute);
        return this;
    }

    public PromptSample deadline(Instant newDeadline) {
        deadline = Optional.of(newDeadline);
        return this;
    }

    public PromptSample maxCostUsd(double usd) {
        maxCostUsd = OptionalDouble.of(usd);
        return this;
    }

    public PromptSample requiredTags(String... tags) {
        requiredTags = List.of(tags);
        return this;
    }

    public PromptSample reference(String text) {
        reference = Optional.of(text);
        return this;
    }

    public Prompt prompt() {
        return new Prompt(
                id,
                1,
                new ChatRequest("{\"messages\":[]}", chars, maxOutputTokens),
                new Labels(task, tenant, route, Priority.INTERACTIVE, Map.of()),
                new Constraints(deadline, maxCostUsd, requiredTags),
                reference,
                Samples.origin());
    }

    /// The same, just admitted.
    public PromptState admitted() {
        return PromptState.admitted(prompt());
    }
}
