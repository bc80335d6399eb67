package dev.assay.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.bulk.InputException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

class CombinationTest {

    @TempDir private Path folder;

    @Test
    void independentJudgesTogetherAreBetterThanTheBestAlone() {
        Combination combined = Combination.of(world(600, 0.8, 0.75, 0.75, 0.5), 1);

        assertThat(combined.accuracy()).isGreaterThan(combined.bestAlone() + 0.02);
        assertThat(combined.text()).contains("together", "600 pairs of test");
    }

    @Test
    void aJudgeThatIsMostlyWrongCountsAgainstWhatItSays() {
        Combination combined = Combination.of(world(400, 0.05), 1);

        assertThat(combined.accuracy()).isGreaterThan(0.9);
    }

    @Test
    void aJudgeThatTossesCoinsIsNotMadeBetterByItsOwnLabels() {
        Combination combined = Combination.of(world(2_000, 0.5), 1);

        assertThat(combined.accuracy()).isCloseTo(0.5, within(0.05));
    }

    @Test
    void aFlipIsATie() throws IOException, InputException {
        Path file =
                write(
                        """
                        {"label": "a", "verdicts": {"j": {"ab": "a", "ba": "b"}}}
                        {"label": "b", "verdicts": {"j": {"ab": "b", "ba": "b"}}}
                        """);

        Votes votes = VotesReader.read(file);

        assertThat(votes.lines()).extracting(line -> line.right("j")).containsExactly(0.5, 1.0);
    }

    @Test
    void aBadVerdictIsNamedWithItsLine() throws IOException {
        Path file =
                write(
                        """
                        {"label": "a", "verdicts": {"j": {"ab": "a", "ba": "x"}}}
                        """);

        assertThatThrownBy(() -> VotesReader.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 1: verdict ba of judge j is none of a, b and tie");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("pairs.jsonl"), text);
    }

    /// Judges that are right so often, each by itself.
    private static Votes world(int pairs, double... right) {
        SplittableRandom random = new SplittableRandom(7);
        List<String> judges = new ArrayList<>();
        for (int judge = 0; judge < right.length; judge++) {
            judges.add("judge" + judge);
        }
        List<Votes.Line> lines = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            Map<String, Double> said = new HashMap<>();
            for (int judge = 0; judge < right.length; judge++) {
                said.put(judges.get(judge), random.nextDouble() < right[judge] ? 1.0 : 0.0);
            }
            lines.add(new Votes.Line("group" + i % 2, said));
        }
        return new Votes("test", judges, lines);
    }
}
