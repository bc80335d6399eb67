package dev.assay.topology;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.Completion;
import dev.assay.model.FailureCode;
import dev.assay.model.FinishReason;
import dev.assay.model.Usage;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ModelRequest;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A model that does what the test tells it, and remembers what it was asked.
final class FakeProvider implements ModelProvider {

    private final List<ModelRequest> requests = new CopyOnWriteArrayList<>();
    private volatile Function<ModelRequest, CallResult> script = _ -> answer("fine");

    void does(Function<ModelRequest, CallResult> newScript) {
        script = newScript;
    }

    void says(String text) {
        does(_ -> answer(text));
    }

    void scores(int score) {
        says("{\"reason\": \"seen\", \"score\": " + score + "}");
    }

    /// What it was asked, in order.
    List<ModelRequest> requests() {
        return requests;
    }

    static CallResult answer(String text) {
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
                        new Usage(1_000, 0, 500, 0, false),
                        Optional.of("req-1"),
                        Optional.of("fake-1"),
                        "{\"choices\":[]}"));
    }

    static CallResult busy() {
        return new CallResult.TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, "503 from the fake"),
                Optional.empty(),
                Evidence.NONE,
                false);
    }

    /// Half an answer, which may be billed.
    static CallResult brokenOff() {
        return new CallResult.TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, "half a body from the fake"),
                Optional.empty(),
                Evidence.NONE,
                true);
    }

    static CallResult badKey() {
        return new CallResult.GiveUpOnModel(
                new CallError(FailureCode.PROVIDER_ERROR, "401 from the fake"));
    }

    static CallResult badRequest() {
        return new CallResult.GiveUpOnPrompt(
                new CallError(FailureCode.PROVIDER_ERROR, "400 from the fake"));
    }

    @Override
    public CallResult call(ModelRequest request) {
        requests.add(request);
        return script.apply(request);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
