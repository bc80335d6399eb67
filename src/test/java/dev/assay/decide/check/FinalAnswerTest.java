package dev.assay.decide.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

class FinalAnswerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    42                                              | 42
                    The result is 42.                               | 42
                    First 7, then 9.                                | 9
                    **42**                                          | 42
                    _42_                                            | 42
                    $1,234.50                                       | 1234.5
                    It costs $ 18                                   | 18
                    -5                                              | -5
                    −5                                              | -5
                    -$5                                             | -5
                    $-5                                             | -5
                    x = -5                                          | -5
                    10-5                                            | 5
                    (10)-5                                          | 5
                    pages 3-7                                       | 7
                    - 5 apples                                      | 5
                    1,000,000                                       | 1000000
                    about 1\u00a0000 people                             | 1000
                    1, 2, 3                                         | 3
                    (3,4)                                           | 4
                    50%                                             | 50
                    0.50                                            | 0.5
                    .5                                              | 0.5
                    007                                             | 7
                    3.                                              | 3
                    1e3                                             | 1000
                    2.5E-2                                          | 0.025
                    20mph                                           | 20
                    the 3rd                                         | 3
                    3/4                                             | 0.75
                    2/6                                             | 1/3
                    -2/6                                            | -1/3
                    1 1/2                                           | 1.5
                    -1 1/2                                          | -1.5
                    1½ cups                                         | 1.5
                    ⅔                                               | 2/3
                    5/0                                             | 0
                    3 of 4 / 2                                      | 2
                    \\frac{3}{4}                                    | 0.75
                    2\\frac{1}{2}                                   | 2.5
                    -\\frac{1}{2}                                   | -0.5
                    1{,}000                                         | 1000
                    1\\,000                                         | 1000
                    = 18 <<9*2=18>>18                               | 18
                    \\boxed{42} as 6 times 7                        | 42
                    so \\boxed{\\text{about } \\$1{,}000} in 2 days | 1000
                    \\boxed{\\frac{1}{3}} of 9                      | 1/3
                    \\boxed{none} of 9                              | 9
                    \\boxed{7                                       | 7
                    #### 18 (she has 3 left)                        | 3
                    """)
    void numberIsTheMarkedOneOrElseTheLast(String text, String number) {
        assertThat(FinalAnswer.number(text.replace("\\\\", "\\"))).contains(number);
    }

    @ParameterizedTest
    @CsvSource({
        "'Work: 16 - 3 - 4 = 9\n#### 18\nShe sells 9 of 16.', 18",
        "'#### $18.00\n\nCheck: 9 * 2', 18",
        "'#### -3\n2', -3",
        "'#### Step 2: add\nThat makes 18', 18",
        "'#### 2. Add the eggs\nThat makes 18', 18",
        "'#### 1) Add\nThat makes 18', 18",
        "'#### The end\n18', 18"
    })
    void markOfTheAnswerIsToldFromAHeading(String text, String number) {
        assertThat(FinalAnswer.number(text)).contains(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "H2O", "gpt4", "x²", "#### ", "\\boxed{}", "\u0665"})
    void textWithoutANumberHasNone(String text) {
        assertThat(FinalAnswer.number(text)).isEmpty();
    }

    @Test
    void numberTooLongToBeAnAnswerIsNone() {
        assertThat(FinalAnswer.number("1".repeat(1_000_000))).isEmpty();
        assertThat(FinalAnswer.number("1,000" + ",000".repeat(300_000))).isEmpty();
    }

    @Test
    void anyWayToWriteANumberIsTheSameNumber() {
        SplittableRandom random = new SplittableRandom(42);
        DecimalFormat grouped =
                new DecimalFormat("#,##0.00", DecimalFormatSymbols.getInstance(Locale.ROOT));

        for (int run = 0; run < 5_000; run++) {
            BigDecimal number =
                    BigDecimal.valueOf(random.nextLong(-99_999_999, 99_999_999), random.nextInt(3));
            String plain = number.stripTrailingZeros().toPlainString();
            List<String> writings =
                    List.of(
                            number.toPlainString(),
                            grouped.format(number),
                            "so it is " + grouped.format(number) + ".",
                            "$" + grouped.format(number) + " in all",
                            "\\boxed{" + number.toPlainString() + "} of 12",
                            "7 and 9\n#### " + grouped.format(number) + "\n",
                            "**" + number.toPlainString() + "%**");

            assertThat(writings)
                    .allSatisfy(text -> assertThat(FinalAnswer.number(text)).contains(plain));
        }
    }

    @Test
    void equalFractionsAreTheSameNumber() {
        SplittableRandom random = new SplittableRandom(43);

        for (int run = 0; run < 5_000; run++) {
            int numerator = random.nextInt(-500, 500);
            int denominator = random.nextInt(1, 500);
            int factor = random.nextInt(1, 50);
            String written = numerator + "/" + denominator;
            String widened = numerator * factor + "/" + denominator * factor;

            assertThat(FinalAnswer.number(widened)).isEqualTo(FinalAnswer.number(written));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    B                                                        | B
                    b                                                        | B
                    (B)                                                      | B
                    B.                                                       | B
                    **B**                                                    | B
                    Answer: B                                                | B
                    Answer: (B)                                              | B
                    **Answer:** B                                            | B
                    Answer: **B) 4**                                         | B
                    Answer: B. 4                                             | B
                    The answer is B.                                         | B
                    the answer is (b)                                        | B
                    The correct answer is: option C, since A is too small.   | C
                    The correct option is D                                  | D
                    The best choice would be E.                              | E
                    So the answer must be A because B fails.                 | A
                    Answer: A                                                | A
                    The answer is A, not B.                                  | A
                    One may think the answer is A. But the answer is B.      | B
                    \\boxed{B} and not (A)                                   | B
                    \\boxed{\\text{B}}                                       | B
                    \\boxed{(B) 4}                                           | B
                    B. 4                                                     | B
                    (B) four                                                 | B
                    I would take option B here.                              | B
                    It can only be (D).                                      | D
                    """)
    void choiceIsTheLetterThatTheTextSettlesOn(String text, String letter) {
        assertThat(FinalAnswer.choice(text.replace("\\\\", "\\"))).contains(letter);
    }

    @ParameterizedTest
    @CsvSource({
        "'A is too small, E too large.\n\nC', C",
        "'Think: 2 + 2 = 4\n**B**\n', B",
        "'Since 2 + 2 = 4:\nB) 4', B"
    })
    void choiceMayStandInALineOfItsOwn(String text, String letter) {
        assertThat(FinalAnswer.choice(text)).contains(letter);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "I do not know",
                "A vector space has a basis",
                "The answer is a vector",
                "The answer is A vector",
                "The answer is C++",
                "The answer is E = mc^2",
                "The answer is D-Day",
                "The answer is Berlin",
                "A. 1\nB. 2\nC. 3",
                "(A) or (B)",
                "Option A is wrong and option B is right",
                "F",
                "Don't know"
            })
    void textThatSettlesOnNothingHasNoChoice(String text) {
        assertThat(FinalAnswer.choice(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Paris.                 | paris
                    ' the  QUICK\tfox! '   | the quick fox
                    Don't                  | dont
                    well-known             | well known
                    ＡＢＣ                 | abc
                    ﬁne                    | fine
                    ÄRGER                  | ärger
                    3.14                   | 3.14
                    1:30                   | 1:30
                    -5                     | -5
                    C#                     | c#
                    C++                    | c++
                    "quoted"               | quoted
                    ?!                     | ?!
                    """)
    void textIsComparedWithoutItsDress(String text, String bare) {
        assertThat(FinalAnswer.text(text)).contains(bare);
    }

    @Test
    void blankTextIsNone() {
        assertThat(FinalAnswer.text(" \n\u00a0")).isEmpty();
    }

    @Test
    void readingTextTwiceChangesNothing() {
        SplittableRandom random = new SplittableRandom(44);
        String alphabet = "aAzZ09 .,'-#:/!?\t\n’“”(){}½ﬁé€\\";

        for (int run = 0; run < 5_000; run++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(20), 0, alphabet.length())
                    .forEach(index -> text.append(alphabet.charAt(index)));

            assertThat(FinalAnswer.text(text.toString()).flatMap(FinalAnswer::text))
                    .as("of %s", text)
                    .isEqualTo(FinalAnswer.text(text.toString()));
        }
    }

    @Test
    @Timeout(30)
    void hostileTextsAreReadInLinearTime() {
        List<String> units =
                List.of("1/", "(A", "answer is ", "{", "\\boxed{", "#### 1. ", "a.'", "-");

        assertThat(units)
                .allSatisfy(
                        unit -> {
                            String text = unit.repeat(20_000);
                            FinalAnswer.number(text);
                            FinalAnswer.choice(text);
                            FinalAnswer.text(text);
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "so 1 1/2",
                "3.14",
                "$1,000.00",
                "it is 2/6",
                "7",
                "no number",
                "-5",
                "1.2.3"
            })
    void whatStandsFarBeforeTheLastNumbersChangesNothing(String end) {
        String far = "Step 12: 3/4 of 1,200 is 900. ".repeat(20);

        assertThat(FinalAnswer.number(far + "We have 5, 6 and 8, thus the answer is: " + end))
                .isEqualTo(FinalAnswer.number("We have 5, 6 and 8, thus the answer is: " + end));
    }

    @Test
    void aNumberFarBeforeTheEndIsFound() {
        assertThat(FinalAnswer.number("It is 1 1/2. " + "That is all there is to say. ".repeat(40)))
                .contains("1.5");
    }
}
