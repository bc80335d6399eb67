package dev.assay.backtest;

import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Small topology files and records.
final class BacktestSamples {

    private BacktestSamples() {}

    /// Models small (1 USD a million tokens), large (10) and judge (2) with one route.
    static TopologyFile topology(String assign, String check) {
        String yaml =
                """
                name: t
                models:
                  - {name: small, provider: simulated, price: {input: 1, output: 1}}
                  - {name: large, provider: simulated, price: {input: 10, output: 10}}
                  - {name: judge, provider: simulated, price: {input: 2, output: 2}}
                  - {name: second, provider: simulated, price: {input: 2, output: 2}}
                routes:
                  - name: default
                    assign: {%s}
                    %s
                """
                        .formatted(assign, check.isEmpty() ? "" : "check: {" + check + "}");
        return TopologyParser.parse(yaml, Path.of("t.yaml"), Map.of());
    }

    static TopologyFile cascade() {
        return topology("strategy: cascade, models: [small, large]", "judges: [judge], pass: 7");
    }

    /// A prompt answered by small and large, both graded by judge, for 1,000 tokens a call.
    static String record(
            String id, int smallCorrect, int largeCorrect, int smallGrade, int largeGrade) {
        return """
               {"id": "%s", "prompt": "What is %s?", "answers": {"small": {"text": "s", "input_tokens": 500, "output_tokens": 500, "correct": %d, "score": %d}, "large": {"text": "l", "input_tokens": 500, "output_tokens": 500, "correct": %d, "score": %d}}, "grades": {"judge": {"small": %d, "large": %d, "input_tokens": 900, "output_tokens": 100}}}"""
                .formatted(
                        id,
                        id,
                        smallCorrect,
                        smallCorrect == 1 ? 10 : 2,
                        largeCorrect,
                        largeCorrect == 1 ? 10 : 2,
                        smallGrade,
                        largeGrade);
    }

    static Path write(Path folder, List<String> lines) {
        try {
            return Files.write(folder.resolve("records.jsonl"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
