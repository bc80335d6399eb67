package dev.assay.backtest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.check.JudgePrompt;
import dev.assay.decide.check.Seat;
import dev.assay.model.Answer;
import dev.assay.model.Call;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.Catalog;
import dev.assay.model.ChatRequest;
import dev.assay.model.Completion;
import dev.assay.model.FailureCode;
import dev.assay.model.FinishReason;
import dev.assay.model.PromptState;
import dev.assay.model.Usage;

import java.util.Optional;

/// Plays the models of one prompt from its record: what each call would have brought, and at what
/// cost.
final class Playing {

    /// Tokens of a verdict where the record has no count.
    static final int VERDICT_OUTPUT_TOKENS = 60;

    private static final String NO_TEXT = "(no text on record)";

    private final Catalog catalog;
    private final Routes routes;
    private final RecordedPrompt record;

    Playing(Catalog catalog, Routes routes, RecordedPrompt record) {
        this.catalog = catalog;
        this.routes = routes;
        this.record = record;
    }

    /// A call's end.
    ///
    /// @param extraUsd what it cost beyond its tokens at list price, where the record names a cost
    record Played(CallResult result, double extraUsd) {}

    Played play(PromptState state, Call call) {
        return switch (call.purpose()) {
            case ANSWER, OPINION -> answer(call);
            case CHECK -> verdict(state, call);
            case COMPARE -> missing("comparison by " + call.model());
            case FUSE -> missing("answer that " + call.model() + " made of several");
        };
    }

    private Played answer(Call call) {
        RecordedAnswer answer = record.answers().get(call.model());
        if (answer == null) {
            return missing("answer of " + call.model());
        }
        Usage usage = new Usage(answer.inputTokens(), 0, answer.outputTokens(), 0, false);
        double listUsd = catalog.card(call.model()).price().costUsd(usage);
        return new Played(
                completion(answer.text().orElse(NO_TEXT), usage),
                answer.costUsd().orElse(listUsd) - listUsd);
    }

    private static Played missing(String what) {
        return new Played(
                new CallResult.GiveUpOnPrompt(
                        new CallError(FailureCode.PROVIDER_ERROR, "no " + what + " is on record")),
                0);
    }

    private Played verdict(PromptState state, Call call) {
        Answer judged = state.candidates().get(Seat.of(call.slot()).candidate()).answer();
        Completion answer = judged.completion();
        String model = judged.model();
        Optional<RecordedGrades> judge = Optional.ofNullable(record.grades().get(call.model()));
        ObjectNode reply = JsonNodeFactory.instance.objectNode().put("reason", "on record");
        judge.map(grades -> grades.scores().get(model)).ifPresent(score -> put(reply, score));
        long estimatedInput =
                Math.ceilDiv(
                        JudgePrompt.estimatedChars(
                                routes.require(state).check(),
                                state.prompt().request().chars(),
                                state.prompt().reference(),
                                answer),
                        ChatRequest.CHARS_PER_TOKEN);
        Usage usage =
                new Usage(
                        judge.map(g -> g.inputTokens().orElse(estimatedInput))
                                .orElse(estimatedInput),
                        0,
                        judge.map(g -> g.outputTokens().orElse(VERDICT_OUTPUT_TOKENS))
                                .orElse((long) VERDICT_OUTPUT_TOKENS),
                        0,
                        false);
        return new Played(completion(Json.text(reply), usage), 0);
    }

    /// A whole score as a whole number, which is what judges are asked for.
    private static void put(ObjectNode reply, double score) {
        if (score == Math.rint(score)) {
            reply.put("score", Math.round(score));
        } else {
            reply.put("score", score);
        }
    }

    private static CallResult completion(String text, Usage usage) {
        String message =
                Json.text(
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("role", "assistant")
                                .put("content", text));
        return new CallResult.Answered(
                new Completion(
                        text,
                        message,
                        FinishReason.STOP,
                        "stop",
                        Optional.empty(),
                        false,
                        usage,
                        Optional.empty(),
                        Optional.empty(),
                        ""));
    }
}
