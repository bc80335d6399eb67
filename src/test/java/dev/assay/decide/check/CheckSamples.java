package dev.assay.decide.check;

import dev.assay.model.Answer;
import dev.assay.model.Catalog;
import dev.assay.model.ChatRequest;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Completion;
import dev.assay.model.Constraints;
import dev.assay.model.Criterion;
import dev.assay.model.FinishReason;
import dev.assay.model.Labels;
import dev.assay.model.ModelCard;
import dev.assay.model.Origin;
import dev.assay.model.Panel;
import dev.assay.model.Price;
import dev.assay.model.Prompt;
import dev.assay.model.RecordCoordinates;
import dev.assay.model.RetryPolicy;
import dev.assay.model.Rule;
import dev.assay.model.Usage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// Values that the tests of checks start from.
final class CheckSamples {

    private static final Origin ORIGIN =
            new Origin(
                    new RecordCoordinates("prompts", 0, 7),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    Instant.EPOCH,
                    Instant.EPOCH);

    static final Prompt PROMPT = prompt(OptionalInt.empty(), Optional.empty());

    private CheckSamples() {}

    static Prompt promptWithReference(String reference) {
        return prompt(OptionalInt.empty(), Optional.of(reference));
    }

    static Prompt promptWithLimit(int maxOutputTokens) {
        return prompt(OptionalInt.of(maxOutputTokens), Optional.empty());
    }

    private static Prompt prompt(OptionalInt maxOutputTokens, Optional<String> reference) {
        return new Prompt(
                "p-1",
                1,
                new ChatRequest("{}", 2, maxOutputTokens),
                Labels.NONE,
                Constraints.NONE,
                reference,
                ORIGIN);
    }

    static CheckPolicy rules(Rule... rules) {
        return new CheckPolicy(
                List.of(rules),
                List.of(),
                Panel.FIRST,
                Optional.empty(),
                "",
                List.of(),
                7,
                1,
                false);
    }

    static CheckPolicy judges(boolean allowSelf, String... judges) {
        return new CheckPolicy(
                List.of(),
                List.of(judges),
                Panel.FIRST,
                Optional.empty(),
                "",
                List.of(),
                7,
                1,
                allowSelf);
    }

    static CheckPolicy rubric(String text, Criterion... criteria) {
        return new CheckPolicy(
                List.of(),
                List.of("judge"),
                Panel.FIRST,
                Optional.empty(),
                text,
                List.of(criteria),
                7,
                1,
                false);
    }

    static CheckPolicy sample(double share) {
        return new CheckPolicy(
                List.of(),
                List.of("judge"),
                Panel.FIRST,
                Optional.empty(),
                "",
                List.of(),
                7,
                share,
                false);
    }

    static Answer answer(Completion completion) {
        return new Answer("small", 0, completion, 0, Duration.ofMillis(200));
    }

    static Completion says(String text) {
        return completion(text, FinishReason.STOP, Optional.empty(), false);
    }

    static Completion ends(FinishReason reason, String text) {
        return completion(text, reason, Optional.empty(), false);
    }

    static Completion refuses(String refusal) {
        return completion("", FinishReason.STOP, Optional.of(refusal), false);
    }

    static Completion callsTools(String text) {
        return completion(text, FinishReason.TOOL_CALLS, Optional.empty(), true);
    }

    private static Completion completion(
            String text, FinishReason reason, Optional<String> refusal, boolean toolCalls) {
        return new Completion(
                text,
                "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"call_1\"}]}",
                reason,
                reason.name(),
                refusal,
                toolCalls,
                Usage.NONE,
                Optional.empty(),
                Optional.empty(),
                "{}");
    }

    static Catalog catalog(ModelCard... cards) {
        return Catalog.of(List.of(cards));
    }

    static ModelCard model(String name, String family, String... tags) {
        return new ModelCard(
                name,
                name,
                Optional.of(family).filter(known -> !known.isEmpty()),
                Price.FREE,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Set.of(tags),
                RetryPolicy.DEFAULT,
                false);
    }
}
