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
import dev.assay.decide.learn.Knowledge;
import dev.assay.model.ChatRequest;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.RecordCoordinates;

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
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
            new Assigner(
                    file.catalog(), new Routes(file.routes(), Map.of()), ChatRequest::json);
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

    @Setup
    public void planned() {
        if (assigner.assign(admitted, Knowledge.NONE) instanceof Assignment.Assigned assigned) {
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
        return assigner.assign(admitted, Knowledge.NONE);
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

    private static Prompt read(PromptCodec prompts, PromptEvent event) {
        return switch (prompts.read(event, COORDINATES, NOW, NOW)) {
            case PromptCodec.Reading.Valid valid -> valid.prompt();
            case PromptCodec.Reading.Invalid invalid ->
                    throw new IllegalStateException(invalid.toString());
        };
    }
}
