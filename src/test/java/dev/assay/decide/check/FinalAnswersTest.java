package dev.assay.decide.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.model.Rule.Comparison;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

class FinalAnswersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    It makes $18. / #### 18 / so 9 * 2 = 18.00         | 18 18 18
                    It makes 18 / I cannot tell / eighteen, that is 18 | 18 - 18
                    The answer is B. / (B) 4 apples / Answer: C        | B B C
                    The answer is B. / 4 apples / B                    | B - B
                    Paris / paris. / PARIS!                            | paris paris paris
                    Paris / in 1789 / Lyon                             | paris in_1789 lyon
                    yes / no                                           | yes no
                    """)
    void whatMostTextsHoldIsCompared(String texts, String expected) {
        List<String> found =
                FinalAnswers.of(Optional.empty(), Arrays.asList(texts.split(" / "))).stream()
                        .map(answer -> answer.orElse("-").replace(' ', '_'))
                        .toList();

        assertThat(String.join(" ", found)).isEqualTo(expected);
    }

    @Test
    void whatTheRouteNamesIsComparedWhateverTheTextsHold() {
        List<String> texts = List.of("B: 12", "A: 12");

        assertThat(FinalAnswers.of(Optional.of(Comparison.NUMBER), texts))
                .containsExactly(Optional.of("12"), Optional.of("12"));
        assertThat(FinalAnswers.of(Optional.of(Comparison.TEXT), texts))
                .containsExactly(Optional.of("b 12"), Optional.of("a 12"));
    }

    @Test
    void essaysEqualNothingUnlessTheRouteSaysSo() {
        String essay = "long and without a single figure ".repeat(10);

        assertThat(FinalAnswers.of(Optional.empty(), List.of(essay, essay)))
                .containsExactly(Optional.empty(), Optional.empty());
        assertThat(FinalAnswers.of(Optional.of(Comparison.TEXT), List.of(essay, essay)))
                .doesNotContain(Optional.empty());
    }
}
