package dev.assay.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.calibrate.Gold.GoldAnswer;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.Completion;
import dev.assay.model.FailureCode;
import dev.assay.model.FinishReason;
import dev.assay.model.Usage;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ModelRequest;
import dev.assay.topology.DirectCheck;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

class CalibrationTest {

    private static final TopologyFile FILE =
            TopologyParser.parse(
                    """
                    name: app
                    models:
                      - {name: small, provider: simulated}
                      - {name: judge, provider: simulated, price: {call: 0.01}}
                    routes:
                      - {name: all, assign: {strategy: fixed, models: [small]}, check: {judges: [judge]}}
                    """,
                    Path.of("t.yaml"),
                    Map.of());

    private static final Gold PAIRS =
            new Gold(
                    "gold",
                    List.of(
                            new Gold.Pair(
                                    1,
                                    "2 + 2?",
                                    Optional.empty(),
                                    new GoldAnswer("four", Optional.of("judge")),
                                    new GoldAnswer("five", Optional.of("small")),
                                    true)));

    @Test
    void judgeThatTakesWhatStandsFirstIsSeenToFlip() throws InterruptedException {
        JudgeReport.Pairs pairs =
                pairs(
                        report(
                                request ->
                                        request.contains("ANSWER B")
                                                ? answer("{\"winner\": \"A\"}")
                                                : answer("{\"score\": 6}")));

        assertThat(pairs.ties()).isEqualTo(1);
        assertThat(pairs.order()).contains(new JudgeReport.Order(0.5, 1, 1, 1));
    }

    @Test
    void verdictsAndComparisonsArePaid() throws InterruptedException {
        JudgeReport report =
                report(
                        request ->
                                answer(
                                        request.contains("five")
                                                ? "{\"score\": 3}"
                                                : "{\"score\": 9}"));

        assertThat(report.costUsd()).isEqualTo(0.04);
        assertThat(pairs(report).accuracy()).isEqualTo(1);
        assertThat(pairs(report).order()).isEmpty();
    }

    @Test
    void failedCallIsTriedAgain() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();

        JudgeReport report =
                report(
                        request ->
                                calls.getAndIncrement() % 2 == 0
                                        ? new CallResult.TryAgain(
                                                new CallError(FailureCode.PROVIDER_ERROR, "503"),
                                                Optional.empty(),
                                                CallResult.Evidence.NONE,
                                                false)
                                        : answer(
                                                request.contains("ANSWER B")
                                                        ? "{\"winner\": \"tie\"}"
                                                        : "{\"score\": 6}"));

        assertThat(report.scored()).isEqualTo(2);
        assertThat(pairs(report).order()).map(JudgeReport.Order::read).contains(1.0);
        assertThat(calls).hasValue(8);
    }

    private static JudgeReport.Pairs pairs(JudgeReport report) {
        return (JudgeReport.Pairs) report.figures();
    }

    private static JudgeReport report(Function<String, CallResult> judge)
            throws InterruptedException {
        ModelProvider provider =
                new ModelProvider() {
                    @Override
                    public CallResult call(ModelRequest request) {
                        return judge.apply(request.chatJson());
                    }

                    @Override
                    public void close() {}
                };
        DirectCheck checks =
                new DirectCheck(
                        FILE,
                        Map.of("judge", provider, "small", provider),
                        Clock.systemUTC(),
                        new Random(1));
        return new Calibration(checks, Clock.systemUTC())
                .reports(PAIRS, Calibration.seats(FILE.routes()), 0.9)
                .getFirst();
    }

    private static CallResult answer(String text) {
        return new CallResult.Answered(
                new Completion(
                        text,
                        "{}",
                        FinishReason.STOP,
                        "stop",
                        Optional.empty(),
                        false,
                        Usage.NONE,
                        Optional.empty(),
                        Optional.empty(),
                        "{}"));
    }
}
