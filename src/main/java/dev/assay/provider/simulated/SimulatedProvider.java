package dev.assay.provider.simulated;

import dev.assay.config.ModelConfig;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.Completion;
import dev.assay.model.FailureCode;
import dev.assay.model.FinishReason;
import dev.assay.model.Usage;
import dev.assay.provider.ChatText;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.simulated.SimulatedModel.Reply;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// A made-up model in this very process: no network, no key, no cost but what its price says.
///
/// Answers follow from seed, model and prompt; failures from seed, model and the number of the
/// call, so that a try after a failure may succeed.
public final class SimulatedProvider implements ModelProvider {

    private static final long SEED = 1;

    private final String name;
    private final SimulatedModel model;
    private final Draw failures;
    private final double failRate;
    private final Duration timeout;
    private final Sleeper sleeper;
    private final AtomicLong calls = new AtomicLong();
    private volatile boolean closed;

    /// How the time passes that an answer takes.
    @FunctionalInterface
    public interface Sleeper {

        void sleep(Duration duration) throws InterruptedException;
    }

    public SimulatedProvider(ModelConfig config) {
        this(config, SEED, Thread::sleep);
    }

    SimulatedProvider(ModelConfig config, long seed, Sleeper sleeper) {
        this.name = config.name();
        this.model =
                new SimulatedModel(
                        config.providerModel(),
                        config.simulation(),
                        seed,
                        SimulatedModel.USUAL_LATENCY_SIGMA);
        this.failures = Draw.of(seed).with(config.providerModel()).with("failure");
        this.failRate = config.simulation().failRate();
        this.timeout = config.timeout();
        this.sleeper = sleeper;
    }

    @Override
    public CallResult call(ModelRequest request) throws InterruptedException {
        ChatText chat;
        try {
            chat = ChatText.parse(request.chatJson());
        } catch (IOException e) {
            return new GiveUpOnPrompt(
                    error(
                            FailureCode.INVALID_INPUT,
                            "was given a request that is no JSON object."));
        }
        Reply reply = model.reply(chat);
        boolean promptsDeadline = request.timeLeft().compareTo(timeout) < 0;
        Duration limit = promptsDeadline ? request.timeLeft() : timeout;
        if (reply.latency().compareTo(limit) > 0) {
            sleeper.sleep(limit);
            return timedOut(promptsDeadline);
        }
        sleeper.sleep(reply.latency());
        if (closed) {
            return tryAgain("was closed.", Evidence.NONE);
        }
        Draw failure = failures.with(calls.incrementAndGet());
        return failure.uniform() < failRate ? failed(failure.with("kind")) : answered(reply);
    }

    /// Calls in the air end as failures when their time has passed.
    @Override
    public void close() {
        closed = true;
    }

    private CallResult answered(Reply reply) {
        String message = ReplyJson.message(reply.text());
        return new Answered(
                new Completion(
                        reply.text(),
                        message,
                        FinishReason.STOP,
                        "stop",
                        Optional.empty(),
                        false,
                        new Usage(reply.inputTokens(), 0, reply.outputTokens(), 0, false),
                        Optional.empty(),
                        Optional.of(model.name()),
                        ReplyJson.completion(model.name(), reply, message, 0)));
    }

    private CallResult failed(Draw kind) {
        return switch (SimulatedFailure.of(kind)) {
            case RATE_LIMIT ->
                    tryAgain("answered 429, as its simulation tells it to.", Evidence.RATE_LIMITED);
            case UNAVAILABLE ->
                    tryAgain("answered 503, as its simulation tells it to.", Evidence.CONGESTED);
            case SERVER_ERROR ->
                    tryAgain("answered 500, as its simulation tells it to.", Evidence.NONE);
        };
    }

    private CallResult timedOut(boolean promptsDeadline) {
        return promptsDeadline
                ? new TryAgain(
                        error(
                                FailureCode.DEADLINE_EXCEEDED,
                                "had too little time until the prompt's deadline."),
                        Optional.empty(),
                        Evidence.NONE,
                        true)
                : new TryAgain(
                        error(FailureCode.TIMEOUT, "did not answer within its timeout."),
                        Optional.empty(),
                        Evidence.CONGESTED,
                        true);
    }

    private CallResult tryAgain(String what, Evidence evidence) {
        return new TryAgain(
                error(FailureCode.PROVIDER_ERROR, what), Optional.empty(), evidence, false);
    }

    private CallError error(FailureCode code, String what) {
        return new CallError(code, "the simulated model \"" + name + "\" " + what);
    }
}
