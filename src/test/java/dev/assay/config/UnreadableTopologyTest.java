package dev.assay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/// Files that are no topology at all, or would cost too much to read.
class UnreadableTopologyTest {

    private static final Path FILE = Path.of("t.yaml");

    @TempDir private Path folder;

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("", 0, "is empty"),
                Arguments.of("# only a comment\n", 0, "is empty"),
                Arguments.of("- a\n- b\n", 1, "must be a mapping"),
                Arguments.of("\n\njust text\n", 3, "must be a mapping"),
                Arguments.of("name: a\nmodels: [\n", 3, "is not YAML"),
                Arguments.of("name: a\n\tmodels: b\n", 2, "is not YAML"),
                Arguments.of("name: a\n---\nname: b\n", 2, "is not YAML"),
                Arguments.of("name: a\nmodels: *sk-secret\n", 2, "an alias (*name) has no anchor"),
                Arguments.of("name: a\nmodels: \u0007\n", 2, "unprintable character U+0007"),
                Arguments.of("name: \"sk-secret\nmodels: b\n", 3, "is not YAML"),
                Arguments.of("name: a\nx: &x [*x]\n", 2, "nested deeper than 50 levels"),
                Arguments.of("[".repeat(10_000), 0, "beyond a limit of YAML"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textsThatAreNoTopologyAreRefusedWithTheirLine(String text, int line, String says) {
        TopologyFileException thrown = failureOf(text);

        assertThat(thrown.problems()).hasSize(1);
        assertThat(thrown.problems().getFirst().message()).contains(says);
        assertThat(thrown.problems().getFirst().line()).isEqualTo(line);
        assertThat(thrown).hasMessageNotContaining("sk-secret").hasMessageStartingWith("t.yaml:");
    }

    @Test
    void aliasesThatMultiplyAreRefusedBeforeTheyFillTheHeap() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i <= 9; i++) {
            String alias = "*a" + (i - 1);
            bomb.append(
                    "a%d: &a%d [%s, %s, %s, %s, %s]\n"
                            .formatted(i, i, alias, alias, alias, alias, alias));
        }

        TopologyFileException thrown = failureOf(bomb.toString());

        assertThat(thrown.problems().getLast().message())
                .contains("more than 50000 values, aliases followed");
    }

    @Test
    void manyAliasesAreRefused() {
        String text = "a: &a [x]\nb: [" + "*a, ".repeat(60) + "*a]\n";

        assertThat(failureOf(text)).hasMessageContaining("beyond a limit of YAML");
    }

    @Test
    void aMissingFileIsSaidSo() {
        Path missing = folder.resolve("none.yaml");

        TopologyFileException thrown = failureOf(missing);

        assertThat(thrown)
                .hasMessage(
                        missing
                                + ": cannot be read: there is no such file; name a topology file"
                                + " with -t");
    }

    @Test
    void aFolderIsNoFile() {
        assertThat(failureOf(folder)).hasMessageContaining("it is a folder");
    }

    @Test
    void aFileBeyondOneMegabyteIsRefused() throws IOException {
        Path large = Files.writeString(folder.resolve("large.yaml"), "#".repeat(1024 * 1024 + 1));

        assertThat(failureOf(large)).hasMessageContaining("larger than 1 MB");
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() throws IOException {
        Path latin =
                Files.write(
                        folder.resolve("latin.yaml"),
                        new byte[] {'n', ':', ' ', (byte) 0xE9, '\n'});

        assertThat(failureOf(latin)).hasMessageContaining("it is not UTF-8");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceInTheOrderOfTheFile() {
        String text =
                """
                nmae: a
                models:
                  - name: small
                    provider: openai
                    base_url: ${BASE_URL}
                    price: {input: x}
                routes:
                  - name: default
                    assign: {strategy: fixed, models: [smal]}
                """;

        TopologyFileException thrown = failureOf(text);

        assertThat(thrown.problems())
                .extracting(problem -> problem.render("t.yaml"))
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .startsWith("t.yaml:1: has no name; add name: my-pipeline"),
                        line ->
                                assertThat(line)
                                        .startsWith(
                                                "t.yaml:1: nmae: unknown key (did you mean name?)"),
                        line ->
                                assertThat(line)
                                        .startsWith(
                                                "t.yaml:5: models[0].base_url: the environment"
                                                        + " variable BASE_URL"),
                        line ->
                                assertThat(line)
                                        .startsWith(
                                                "t.yaml:6: models[0].price.input: `x` is not a"
                                                        + " number"),
                        line ->
                                assertThat(line)
                                        .startsWith(
                                                "t.yaml:9: routes[0].assign.models[0]: no model is"
                                                        + " called `smal`"));
    }

    @Test
    void onlyTheFirstHundredProblemsAreReported() {
        String text = "models:\n" + "  - '${X}'\n".repeat(250);

        TopologyFileException thrown = failureOf(text);

        assertThat(thrown.problems()).hasSize(101);
        assertThat(thrown.problems().getLast().message()).contains("more problems");
    }

    private static TopologyFileException failureOf(String text) {
        return catchThrowableOfType(
                TopologyFileException.class, () -> TopologyParser.parse(text, FILE, Map.of()));
    }

    private static TopologyFileException failureOf(Path file) {
        return catchThrowableOfType(
                TopologyFileException.class, () -> TopologyParser.parse(file, Map.of()));
    }
}
