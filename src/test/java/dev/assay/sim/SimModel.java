package dev.assay.sim;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.Completion;
import dev.assay.model.FailureCode;
import dev.assay.model.FinishReason;
import dev.assay.model.ModelCard;
import dev.assay.model.Usage;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ModelRequest;

import java.time.Duration;
import java.util.Optional;

/// A model as one instance reaches it. What becomes of a call is settled when it begins.
final class SimModel implements ModelProvider {

    private final ModelCard card;
    private final SimInstance instance;
    private final World world;

    SimModel(ModelCard card, SimInstance instance, World world) {
        this.card = card;
        this.instance = instance;
        this.world = world;
    }

    @Override
    public CallResult call(ModelRequest request) throws InterruptedException {
        CallLog.Made made = world.calls().begins(instance, card, request);
        Weather.Reply reply =
                world.weather()
                        .reply(
                                card.name(),
                                CallLog.isCheck(request),
                                made.promptId(),
                                request.chatJson().length());
        world.calls().billed(made, request, reply.result());
        Duration patience = shorter(world.scenario().timeout(), request.timeLeft());
        boolean late = reply.takes().compareTo(patience) > 0;
        try {
            instance.calls().sleep(late ? patience : reply.takes());
        } catch (InterruptedException e) {
            world.calls().brokenOff(made);
            throw e;
        }
        CallResult result = late ? timedOut() : reply.result();
        world.calls().ends(made, result);
        return result;
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    static CallResult answered(String text, int inputTokens, int outputTokens) {
        String message =
                "{\"role\":\"assistant\",\"content\":\"" + text.replace("\"", "\\\"") + "\"}";
        return new CallResult.Answered(
                new Completion(
                        text,
                        message,
                        FinishReason.STOP,
                        "stop",
                        Optional.empty(),
                        false,
                        new Usage(inputTokens, 0, outputTokens, 0, false),
                        Optional.empty(),
                        Optional.empty(),
                        "{\"choices\":[]}"));
    }

    static CallResult tryAgain(
            String what, Optional<Duration> retryAfter, Evidence evidence, boolean billed) {
        return new CallResult.TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, what), retryAfter, evidence, billed);
    }

    private static CallResult timedOut() {
        return new CallResult.TryAgain(
                new CallError(FailureCode.TIMEOUT, "no reply in time"),
                Optional.empty(),
                Evidence.CONGESTED,
                true);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
