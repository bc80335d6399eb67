package dev.assay.bench.peer;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import dev.assay.config.TopologyParser;
import dev.assay.model.CallResult.Answered;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.Providers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The two calls of a prompt, made with the HTTP client that Assay uses.
final class PeerCalls implements AutoCloseable {

    private static final Duration TIME_LEFT = Duration.ofMinutes(1);
    private static final Pattern SCORE = Pattern.compile("\"score\"\\s*:\\s*(\\d+)");
    private static final String ASK_FOR_VERDICT =
            "Grade the answer to the question. Reply with a JSON object {\"reason\": text, \"score\": 1 to 10}.\n"
                    + "Question: %s\nAnswer: %s";

    private final Providers providers;
    private final ModelProvider answerer;
    private final ModelProvider judge;

    PeerCalls(String modelsUrl, int inFlight) {
        String yaml =
                """
                name: peer
                models:
                  - {name: answer, provider: openai, base_url: "%1$s", model: small, limits: {in_flight: %2$d}}
                  - {name: judge, provider: openai, base_url: "%1$s", model: large, limits: {in_flight: %2$d}}
                routes:
                  - name: default
                    assign: {strategy: fixed, models: [answer]}
                    check: {judges: [judge], pass: 5}
                """
                        .formatted(modelsUrl, inFlight);
        this.providers = Providers.of(TopologyParser.parse(yaml, Path.of("peer.yaml"), Map.of()));
        this.answerer = providers.byModel().get("answer");
        this.judge = providers.byModel().get("judge");
    }

    /// Answer, check, result; blocks for as long as both calls take.
    ///
    /// @throws IllegalStateException if a model gave no answer
    String resultOf(String prompt) throws InterruptedException {
        String answer = call(answerer, prompt);
        Matcher score = SCORE.matcher(call(judge, ASK_FOR_VERDICT.formatted(prompt, answer)));
        if (!score.find()) {
            throw new IllegalStateException("a verdict holds no score");
        }
        return "{\"answer\":%s,\"score\":%s}".formatted(quoted(answer), score.group(1));
    }

    /// One call alone.
    String answerTo(String prompt) throws InterruptedException {
        return call(answerer, prompt);
    }

    private static String call(ModelProvider model, String content) throws InterruptedException {
        String json = "{\"messages\":[{\"role\":\"user\",\"content\":" + quoted(content) + "}]}";
        return switch (model.call(new ModelRequest(json, OptionalInt.empty(), TIME_LEFT))) {
            case Answered answered -> answered.completion().text();
            case Object other -> throw new IllegalStateException("no answer but " + other);
        };
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    @Override
    public void close() {
        providers.close();
    }
}
