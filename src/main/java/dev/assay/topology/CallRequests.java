package dev.assay.topology;

import dev.assay.codec.ChatRequests;
import dev.assay.codec.JudgeRequests;
import dev.assay.codec.Transcripts;
import dev.assay.decide.assign.Reckoning;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.check.AnswerRules;
import dev.assay.decide.check.FusePrompt;
import dev.assay.decide.check.JudgeMessages;
import dev.assay.decide.check.JudgePrompt;
import dev.assay.decide.check.PairPrompt;
import dev.assay.decide.check.Pairing;
import dev.assay.decide.check.Seat;
import dev.assay.decide.limit.Demand;
import dev.assay.flight.Line;
import dev.assay.flight.ReadyCall;
import dev.assay.flight.RequestMemory;
import dev.assay.model.Answer;
import dev.assay.model.Call;
import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.ChatRequest;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ModelRequest;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.OptionalInt;

/// Makes the request of an open call: the prompt's own for an answer, alone or with the answers of
/// others, and a judge's for a check.
final class CallRequests {

    private static final Duration UNBOUNDED = Duration.ofDays(1);

    /// What a model is told besides question and answers, about.
    private static final int INSTRUCTION_TOKENS = 200;

    private final Catalog catalog;
    private final Routes routes;
    private final Reckoning reckoning;
    private final Map<String, ModelProvider> providers;

    CallRequests(Catalog catalog, Routes routes, Map<String, ModelProvider> providers) {
        this.catalog = catalog;
        this.routes = routes;
        this.reckoning = new Reckoning(routes);
        this.providers = Map.copyOf(providers);
    }

    /// The call, ready to be made on another thread.
    ReadyCall prepare(PromptState state, Call call, Instant now) {
        ModelProvider provider = providers.get(call.model());
        if (provider == null) {
            throw new NoSuchElementException(
                    "model " + call.model() + " is not in the topology file any more");
        }
        Duration timeLeft =
                state.prompt()
                        .constraints()
                        .deadline()
                        .map(deadline -> Duration.between(now, deadline))
                        .orElse(UNBOUNDED);
        OptionalInt limit = reckoning.outputLimit(state, catalog.card(call.model()));
        ModelRequest request =
                switch (call.purpose()) {
                    case ANSWER, OPINION ->
                            new ModelRequest(state.prompt().request().json(), limit, timeLeft);
                    case FUSE ->
                            new ModelRequest(
                                    ChatRequests.withSystem(
                                                    state.prompt().request(),
                                                    FusePrompt.system(state))
                                            .json(),
                                    limit,
                                    timeLeft);
                    case CHECK ->
                            new ModelRequest(judgeRequest(state, call).json(), limit, timeLeft);
                    case COMPARE ->
                            new ModelRequest(comparison(state, call).json(), limit, timeLeft);
                };
        return new ReadyCall(
                () -> provider.call(request),
                new Line(call.model(), state.prompt().labels().priority()),
                RequestMemory.bytes(request.chatJson()));
    }

    /// What a store held of a prompt. A clock that was ahead when its calls were put off must not
    /// hold them for as long as it was ahead.
    PromptState readAt(PromptState state, Instant now) {
        return state.withCalls(
                state.calls().stream()
                        .map(
                                call ->
                                        catalog.has(call.model())
                                                ? call.readAt(
                                                        now,
                                                        catalog.card(call.model())
                                                                .retry()
                                                                .maxElapsed())
                                                : call)
                        .toList());
    }

    /// What a call is expected to need of its model's limits.
    static Demand demand(PromptState state, Call call) {
        ChatRequest asked = state.prompt().request();
        return switch (call.purpose()) {
            case ANSWER, OPINION ->
                    new Demand(asked.estimatedInputTokens(), asked.maxOutputTokens());
            case FUSE ->
                    new Demand(
                            asked.estimatedInputTokens()
                                    + state.candidates().stream()
                                            .mapToInt(one -> tokens(one.answer()))
                                            .sum()
                                    + INSTRUCTION_TOKENS,
                            asked.maxOutputTokens());
            case COMPARE -> {
                Pairing pairing = Pairing.of(call.slot());
                yield new Demand(
                        asked.estimatedInputTokens()
                                + tokens(answer(state, pairing.first()))
                                + tokens(answer(state, pairing.second()))
                                + INSTRUCTION_TOKENS,
                        OptionalInt.empty());
            }
            case CHECK ->
                    new Demand(
                            asked.estimatedInputTokens()
                                    + tokens(candidate(state, call).answer())
                                    + INSTRUCTION_TOKENS,
                            OptionalInt.empty());
        };
    }

    /// A hash of what the model is shown.
    static int subject(PromptState state, Call call) {
        String question = state.prompt().request().json();
        return switch (call.purpose()) {
            case ANSWER, OPINION -> question.hashCode();
            case FUSE -> Objects.hash(question, FusePrompt.system(state));
            case COMPARE -> {
                Pairing pairing = Pairing.of(call.slot());
                yield Objects.hash(
                        question,
                        answer(state, pairing.first()).completion().messageJson(),
                        answer(state, pairing.second()).completion().messageJson());
            }
            case CHECK ->
                    Objects.hash(
                            question, candidate(state, call).answer().completion().messageJson());
        };
    }

    private static int tokens(Answer answer) {
        return Math.ceilDiv(answer.completion().text().length(), ChatRequest.CHARS_PER_TOKEN);
    }

    private static Answer answer(PromptState state, int candidate) {
        return state.candidates().get(candidate).answer();
    }

    private static Candidate candidate(PromptState state, Call call) {
        return state.candidates().get(Seat.of(call.slot()).candidate());
    }

    private ChatRequest comparison(PromptState state, Call call) {
        Prompt prompt = state.prompt();
        Pairing pairing = Pairing.of(call.slot());
        return JudgeRequests.plain(
                PairPrompt.messages(
                        routes.require(state).check(),
                        Transcripts.of(prompt.request()),
                        prompt.reference(),
                        AnswerRules.shownToJudges(prompt, state.candidates().get(pairing.first())),
                        AnswerRules.shownToJudges(prompt, state.candidates().get(pairing.second())),
                        JudgePrompt.nonce(prompt.id(), state.round(), call.slot())),
                prompt.request());
    }

    private ChatRequest judgeRequest(PromptState state, Call call) {
        Prompt prompt = state.prompt();
        CheckPolicy policy = routes.require(state).check();
        JudgeMessages messages =
                JudgePrompt.messages(
                        policy,
                        Transcripts.of(prompt.request()),
                        prompt.reference(),
                        AnswerRules.shownToJudges(prompt, candidate(state, call)),
                        JudgePrompt.nonce(prompt.id(), state.round(), call.slot()));
        return JudgePrompt.withSchema(catalog.card(call.model()), call)
                ? JudgeRequests.withSchema(messages, prompt.request(), policy.criteria())
                : JudgeRequests.plain(messages, prompt.request());
    }
}
