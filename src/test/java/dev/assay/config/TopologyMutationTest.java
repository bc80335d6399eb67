package dev.assay.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/// Whatever stands in a file, it is read or refused, and never breaks the parser.
class TopologyMutationTest {

    private static final int MUTANTS_PER_SEED = 300;

    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        ":",
        ": ",
        ",",
        "- ",
        "\n",
        "\n  ",
        "#",
        "'",
        "\"",
        "\\",
        "\"\\U00110000\"",
        "&a ",
        "*a",
        "!",
        "!!int ",
        "%TAG ! x\n",
        "---\n",
        "...\n",
        "|",
        ">",
        "? ",
        "<<: ",
        "~",
        "${",
        "${X}",
        "$${",
        "\t",
        "\r",
        "0",
        "-1",
        "1e999",
        "99999999999999999999",
        "\u0000",
        "\uFEFF",
        "\uD800",
        "é",
        "name: ",
        "models: "
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void mutatedFilesAreReadOrRefused(long seed) throws IOException {
        String demo = Files.readString(Path.of("topology/demo.yaml"));
        Random random = new Random(seed);
        int refused = 0;

        for (int i = 0; i < MUTANTS_PER_SEED; i++) {
            refused += isRefused(mutant(demo, random)) ? 1 : 0;
        }

        assertThat(refused).isBetween(1, MUTANTS_PER_SEED - 1);
    }

    /// Fails the test by any other exception.
    private static boolean isRefused(String text) {
        try {
            TopologyFile topology =
                    TopologyParser.parse(text, Path.of("topology/mutant.yaml"), Map.of());
            assertThat(topology.models()).isNotEmpty();
            return false;
        } catch (TopologyFileException e) {
            assertThat(e.problems()).isNotEmpty();
            return true;
        }
    }

    private static String mutant(String text, Random random) {
        StringBuilder mutant = new StringBuilder(text);
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && !mutant.isEmpty(); i++) {
            int at = random.nextInt(mutant.length());
            switch (random.nextInt(5)) {
                case 0 -> mutant.setLength(at);
                case 1 -> mutant.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 2 -> mutant.delete(at, at + 1 + random.nextInt(20));
                case 3 -> mutant.setCharAt(at, (char) random.nextInt(0x250));
                default ->
                        mutant.insert(
                                at,
                                text,
                                at % text.length(),
                                Math.min(text.length(), at % text.length() + 40));
            }
        }
        return mutant.toString();
    }
}
