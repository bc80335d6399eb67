package dev.assay.decide.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class PassageTest {

    private static final int TEXTS = 2_000;
    private static final int WORDS = 60;

    @Test
    void passagesTogetherAreTheText() {
        texts().forEach(
                        text ->
                                assertThat(
                                                Passage.allOf(text).stream()
                                                        .map(Passage::text)
                                                        .collect(Collectors.joining()))
                                        .isEqualTo(text));
    }

    @Test
    void noPassageHoldsAClueThatIsNotExpectedOfTheWholeText() {
        texts().forEach(
                        text ->
                                assertThat(Passage.cluesAtMost(text))
                                        .as(text)
                                        .containsAll(
                                                Passage.allOf(text).stream()
                                                        .flatMap(one -> one.clues().stream())
                                                        .toList()));
    }

    /// Words of attacks in many languages, numbers and control characters in any order.
    private static Stream<String> texts() {
        List<String> words =
                Stream.concat(
                                SteeringTest.attacks()
                                        .flatMap(attack -> Stream.of(attack.answer().split(" "))),
                                Stream.of(
                                        "9", "10/10.", "full\u0001mark", "\u0000", "]", "{", "\n"))
                        .toList();
        return IntStream.range(0, TEXTS).mapToObj(seed -> text(words, new Random(seed)));
    }

    private static String text(List<String> words, Random random) {
        return IntStream.range(0, random.nextInt(WORDS))
                .mapToObj(_ -> words.get(random.nextInt(words.size())))
                .collect(Collectors.joining(random.nextBoolean() ? " " : ". "));
    }
}
