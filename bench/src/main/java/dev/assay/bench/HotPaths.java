package dev.assay.bench;

import dev.assay.avro.Message;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.JudgeReplies;
import dev.assay.codec.PromptCodec;
import dev.assay.codec.StoreCodec;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.decide.assign.Assigner;
import dev.assay.decide.assign.Assignment;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.check.Reading;
import dev.assay.decide.check.VerdictReader;
import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.LaneRules;
import dev.assay.decide.limit.LaneSettings;
import dev.assay.decide.limit.LaneState;
import dev.assay.model.CallResult;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.RecordCoordinates;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.Providers;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/// The pure paths that each prompt takes, alone: microseconds an operation.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"
        })
public class HotPaths {

    private static final String TOPOLOGY =
            """
            name: hot
            models:
              - {name: small, provider: simulated}
              - {name: medium, provider: simulated}
              - {name: large, provider: simulated}
            routes:
              - name: code
                match: {task: [code], max_chars: 20000}
                assign: {strategy: cascade, models: [small, large]}
                check: {judges: [medium], pass: 7}
              - name: default
                assign: {strategy: cheapest, models: [small, medium, large]}
                check: {judges: [medium, large], pass: 7}
            """;

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RecordCoordinates COORDINATES = new RecordCoordinates("prompts", 0, 0);
    private static final int MAX_ID_CHARS = 200;
    private static final String PLAIN_VERDICT =
            "{\"reason\": \"The answer is right and covers what was asked.\", \"score\": 8}";
    private static final String VERDICT_IN_PROSE =
            "The answer names both causes and explains them. It leaves out the date.\n\n```json\n"
                    + PLAIN_VERDICT
                    + "\n```";
    private static final String MATERIAL = "It follows from the definition. ".repeat(60);

    private final PromptCodec prompts = new PromptCodec(MAX_ID_CHARS);
    private final VerdictReader verdicts = new VerdictReader(new JudgeReplies());
    private final TopologyFile file = TopologyParser.parse(TOPOLOGY, Path.of("hot.yaml"), Map.of());
    private final Assigner assigner =
            new Assigner(file.catalog(), new Routes(file.routes(), Map.of()));
    private final PromptEvent event =
            PromptEvent.newBuilder()
                    .setId("p1")
                    .setPriority(Priority.INTERACTIVE)
                    .setMessages(List.of(new Message("user", BenchTopology.prompt(1))))
                    .build();
    private final PromptState admitted = PromptState.admitted(read(prompts, event));
    private StoreCodec.Pending pending =
            new StoreCodec.Pending(admitted, NOW.toEpochMilli(), new RecordHeaders());
    private byte[] stored = {};
    private final LaneSettings laneSettings = new LaneSettings(1_000, OptionalInt.of(1_000_000));
    private LaneState lane = LaneState.fresh(laneSettings, NOW);
    private Instant laneTime = NOW.plusSeconds(1);
    private final CallResult answer = answered(file);

    @Setup
    public void planned() {
        if (assigner.assign(admitted) instanceof Assignment.Assigned assigned) {
            PromptState state = admitted.assigned(assigned.route(), assigned.plan());
            pending = new StoreCodec.Pending(state, NOW.toEpochMilli(), new RecordHeaders());
            stored = StoreCodec.encode(pending);
        } else {
            throw new IllegalStateException("no model for the prompt");
        }
    }

    @Benchmark
    public PromptCodec.Reading readEvent() {
        return prompts.read(event, COORDINATES, NOW, NOW);
    }

    @Benchmark
    public Assignment assign() {
        return assigner.assign(admitted);
    }

    @Benchmark
    public byte[] encodeState() {
        return StoreCodec.encode(pending);
    }

    @Benchmark
    public StoreCodec.Pending decodeState() {
        return StoreCodec.decodePending(stored);
    }

    @Benchmark
    public Reading readPlainVerdict() {
        return verdicts.read(PLAIN_VERDICT, MATERIAL);
    }

    @Benchmark
    public Reading readVerdictInProse() {
        return verdicts.read(VERDICT_IN_PROSE, MATERIAL);
    }

    /// A call's begin and its end, a millisecond apart.
    @Benchmark
    public LaneState admitAndEnd() {
        Instant began = laneTime;
        laneTime = began.plusMillis(1);
        if (LaneRules.admit(lane, laneSettings, 1, 0, began) instanceof Admission.Granted granted) {
            lane = granted.state();
        } else {
            throw new IllegalStateException("the lane is full");
        }
        lane = LaneRules.ended(lane, laneSettings, 1, answer, began, laneTime);
        return lane;
    }

    private static CallResult answered(TopologyFile file) {
        String request = "{\"messages\":[{\"role\":\"user\",\"content\":\"6*7?\"}]}";
        try (Providers providers = Providers.of(file)) {
            return Objects.requireNonNull(providers.byModel().get("small"))
                    .call(new ModelRequest(request, OptionalInt.empty(), Duration.ofMinutes(1)));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Prompt read(PromptCodec prompts, PromptEvent event) {
        return switch (prompts.read(event, COORDINATES, NOW, NOW)) {
            case PromptCodec.Reading.Valid valid -> valid.prompt();
            case PromptCodec.Reading.Invalid invalid ->
                    throw new IllegalStateException(invalid.toString());
        };
    }
}
