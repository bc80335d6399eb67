package dev.assay.decide.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.model.Rule.Comparison;

import org.jspecify.annotations.Nullable;
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
                    {"reasoning": "16 - 7 = 9", "answer": "$18"}                | NUMBER | 18
                    {"answer": 18, "confidence": 0.9}                           | NUMBER | 18
                    ```json {"reasoning": "so "9"", "answer": "18"} ```         | NUMBER | 18
                    {"reasoning": "the answer is 5", "Final_Answer": "B"}       | CHOICE | B
                    {"reasoning": "the capital", "answer": "Paris."}            | TEXT   | paris
                    {"answer": "\\\\frac{1}{4}"}                                | NUMBER | 0.25
                    {"answer": "so\\n\\"92\\""}                                 | NUMBER | 92
                    {"reasoning": "the sum is 500, which is the sum of the first | NUMBER |
                    {"answer": "                                                | NUMBER |
                    {"total": 12}                                               | NUMBER | 12
                    {1, 2, 3}                                                   | NUMBER | 3
                    The "answer": "5" is wrong, it is 6                         | NUMBER | 6
                    """)
    void answerOfAJsonObjectIsItsAnswer(
            String text, Comparison comparison, @Nullable String expected) {
        assertThat(FinalAnswer.of(comparison, text)).isEqualTo(Optional.ofNullable(expected));
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
