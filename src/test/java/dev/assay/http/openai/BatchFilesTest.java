package dev.assay.http.openai;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.avro.CostRecord;
import dev.assay.avro.FailedPrompt;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.bulk.InputLine;
import dev.assay.codec.Json;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.http.openai.Batch.LineError;
import dev.assay.http.openai.Batch.Status;
import dev.assay.http.openai.BatchInput.Findings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// The input, output and error file of a batch.
class BatchFilesTest {

    private static final TopologyFile FILE =
            TopologyParser.parse(
                    """
                    name: t
                    models: [{name: small, provider: simulated}]
                    routes: [{name: support, assign: {strategy: fixed, models: [small]}}]
                    """,
                    Path.of("t.yaml"),
                    Map.of());
    private static final Batch BATCH =
            new Batch(
                    "batch_1",
                    Optional.of("acme"),
                    "file-1",
                    "/v1/chat/completions",
                    "24h",
                    Map.of(),
                    Optional.empty(),
                    Status.IN_PROGRESS,
                    Map.of(),
                    1_000,
                    86_401_000,
                    List.of(),
                    Map.of(),
                    BatchCounts.of(3),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    @TempDir private Path folder;

    @Test
    void goodFileComesAsPromptsOfItsBatch() throws Exception {
        Path input = input(line("a", "support") + "\n\n" + line("b", "auto"));

        Findings findings = check(input, 10);
        try (BatchInput lines = BatchInput.open(BATCH, ModelNames.of(FILE), input)) {
            PromptEvent first = valid(lines.next()).event();
            InputLine.Valid second = valid(lines.next());

            assertThat(findings.errors()).isEmpty();
            assertThat(findings.requests()).isEqualTo(2);
            assertThat(findings.model()).contains("support");
            assertThat(first.getId()).isEqualTo("batch_1/1");
            assertThat(first.getCustomId()).isEqualTo("a");
            assertThat(first.getTenant()).isEqualTo("acme");
            assertThat(first.getRoute()).isEqualTo("support");
            assertThat(first.getPriority()).isEqualTo(Priority.BULK);
            assertThat(second.number()).isEqualTo(3);
            assertThat(second.event().getRoute()).isNull();
            assertThat(lines.next()).isEmpty();
        }
    }

    @Test
    void everyMistakeIsToldWithItsLine() throws Exception {
        String good = line("a", "auto");
        Path input =
                input(
                        String.join(
                                "\n",
                                good,
                                "{",
                                good,
                                good.replace("POST", "GET"),
                                good.replace("/v1/chat", "/v1/other"),
                                good.replace("\"a\"", "7"),
                                good.replace("\"auto\"", "\"gpt-9\""),
                                good.replace("body", "head"),
                                "\u00ff"));

        assertThat(check(input, 10).errors())
                .extracting(error -> error.line().orElseThrow() + " " + error.code())
                .containsExactly(
                        "2 invalid_json_line",
                        "3 duplicate_custom_id",
                        "4 invalid_method",
                        "5 invalid_url",
                        "6 missing_required_parameter",
                        "7 model_not_found",
                        "8 missing_required_parameter",
                        "9 invalid_json_line");
    }

    @Test
    void fileThatIsEmptyOrTooLongIsNoBatch() throws Exception {
        assertThat(check(input("\n\n"), 10).errors())
                .extracting(LineError::code)
                .containsExactly("empty_file");
        assertThat(check(input(line("a", "auto") + "\n" + line("b", "auto")), 1).errors())
                .extracting(LineError::code)
                .containsExactly("too_many_requests");
    }

    @Test
    void countsAreTheSameAfterACrash() throws Exception {
        AtomicReference<BatchCounts> counts = new AtomicReference<>(BatchCounts.of(0));
        try (BatchOutput output = output(counts)) {
            output.failed(1, failed("a", "context_too_long"));
            output.failed(2, failed("b", "cancelled"));
            output.flush();
        }
        BatchCounts before = Objects.requireNonNull(counts.get());
        Files.writeString(folder.resolve("err"), "{\"id\":\"torn", StandardOpenOption.APPEND);

        try (BatchOutput output = output(counts)) {
            assertThat(counts.get()).isEqualTo(before);
            assertThat(output.has(1)).isTrue();
            assertThat(output.has(3)).isFalse();
            output.failed(1, failed("other", "timeout"));
            output.failed(3, failed("c", "deadline_exceeded"));
        }

        List<ObjectNode> errors =
                Files.readAllLines(folder.resolve("err")).stream().map(Json::object).toList();
        assertThat(before.failed()).isEqualTo(2);
        assertThat(before.leftOut()).isEqualTo(1);
        assertThat(before.answerUsd()).isEqualTo(1);
        assertThat(errors)
                .extracting(line -> line.path("custom_id").asText())
                .containsExactly("a", "b", "c");
        assertThat(errors.get(0).at("/response/status_code").asInt()).isEqualTo(400);
        assertThat(errors.get(0).at("/response/body/error/code").asText())
                .isEqualTo("context_length_exceeded");
        assertThat(errors.get(1).at("/error/code").asText()).isEqualTo("batch_cancelled");
        assertThat(errors.get(2).at("/error/code").asText()).isEqualTo("batch_expired");
        assertThat(errors.get(2).path("response").isNull()).isTrue();
    }

    private static InputLine.Valid valid(Optional<InputLine> line) {
        return (InputLine.Valid) line.orElseThrow();
    }

    private BatchOutput output(AtomicReference<BatchCounts> counts) throws IOException {
        return new BatchOutput(BATCH, folder.resolve("out"), folder.resolve("err"), counts::set);
    }

    private static FailedPrompt failed(String customId, String code) {
        return FailedPrompt.newBuilder()
                .setId("batch_1/1")
                .setCustomId(customId)
                .setCode(code)
                .setMessage("it failed")
                .setTopic("prompts.bulk")
                .setPartition(0)
                .setOffset(0)
                .setCostUsd(new CostRecord(0.5, 0.0, 0.5, 0.0))
                .build();
    }

    private static Findings check(Path input, int most) throws IOException {
        try (BatchInput lines = BatchInput.open(BATCH, ModelNames.of(FILE), input)) {
            return lines.check(most);
        }
    }

    private Path input(String content) throws IOException {
        return Files.writeString(folder.resolve("in.jsonl"), content, ISO_8859_1);
    }

    private static String line(String customId, String model) {
        return """
               {"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"%s","messages":[{"role":"user","content":"hi"}]}}"""
                .formatted(customId, model);
    }
}
