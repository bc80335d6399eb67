package dev.assay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The topology files that the repository shows.
class TopologyExamplesTest {

    private static final Path FOLDER = Path.of("topology");

    private static final Map<String, String> KEYS =
            Map.ofEntries(
                    Map.entry("LARGE_API_KEY", "sk-1"),
                    Map.entry("OPENAI_API_KEY", "sk-2"),
                    Map.entry("GOOSEAI_API_KEY", "sk-3"),
                    Map.entry("JUDGE_API_KEY", "sk-4"),
                    Map.entry("AZURE_API_KEY", "sk-5"),
                    Map.entry("AWS_BEARER_TOKEN_BEDROCK", "sk-6"),
                    Map.entry("GEMINI_API_KEY", "sk-7"),
                    Map.entry("ANTHROPIC_API_KEY", "sk-8"),
                    Map.entry("OPENROUTER_API_KEY", "sk-9"),
                    Map.entry("GROQ_API_KEY", "sk-10"),
                    Map.entry("MISTRAL_API_KEY", "sk-11"));

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void isValidOnceItsKeysAreSet(Path file) {
        TopologyFile topology = TopologyParser.parse(file, KEYS);

        assertThat(file).hasFileName(topology.name() + ".yaml");
    }

    @Test
    void theDemoNeedsNoKeyAndNoModel() {
        TopologyFile demo = TopologyParser.parse(FOLDER.resolve("demo.yaml"), Map.of());

        assertThat(demo.simulatedOnly()).isTrue();
    }

    @Test
    void aKeyThatIsNotSetIsNamed() {
        assertThatThrownBy(() -> TopologyParser.parse(FOLDER.resolve("fixed.yaml"), Map.of()))
                .isInstanceOf(TopologyFileException.class)
                .hasMessageContaining(
                        "models[0].api_key: the environment variable OPENAI_API_KEY is not set");
    }
}
