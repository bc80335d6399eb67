package dev.assay.decide.check;

import static dev.assay.decide.check.CheckSamples.PROMPT;
import static dev.assay.decide.check.CheckSamples.answer;
import static dev.assay.decide.check.CheckSamples.rules;
import static dev.assay.decide.check.CheckSamples.says;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.assay.model.Rule;
import dev.assay.model.Verdict;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class TextRulesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    CHARACTERS | naïve 👍                    | 7
                    WORDS      | One, two - three's company! | 4
                    WORDS      | 'a\tb c \n d'           | 4
                    WORDS      | ...                         | 0
                    WORDS      | Ça va? Да, 3.14             | 4
                    SENTENCES  | One. Two? Three!            | 3
                    SENTENCES  | Pi is 3.14 and e is 2.72.   | 1
                    SENTENCES  | He said "No." Then left     | 2
                    SENTENCES  | 一。二！三？                  | 3
                    SENTENCES  | यह एक है। वह दो है।            | 2
                    SENTENCES  | Wait... what?!              | 2
                    SENTENCES  | ''                          | 0
                    PARAGRAPHS | 'One\nstill one\n\nTwo\n \n\nThree\n' | 3
                    PARAGRAPHS | '\r\n\r\nOne\r\n\r\nTwo'    | 2
                    PARAGRAPHS | ''                          | 0
                    BULLETS    | '- a\n* b\n  + c\n1. d\n2) e\n• f' | 6
                    BULLETS    | '-a\n**b**\n1.5 c\n— d'     | 0
                    """)
    void countsInAnyLanguage(Rule.Unit unit, String text, int count) {
        String written = text.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");

        assertThat(TextRules.fault(new Rule.Count("x", unit, count, count), written)).isEmpty();
    }

    @Test
    void faultTellsTheCountAndTheLimit() {
        assertThat(TextRules.fault(new Rule.Count("min_words", Rule.Unit.WORDS, 3, 9), "one two"))
                .contains("has 2 words, fewer than 3");
        assertThat(TextRules.fault(new Rule.Count("max_words", Rule.Unit.WORDS, 0, 1), "one two"))
                .contains("has 2 words, more than 1");
    }

    @Test
    void textIsHeldAgainstEachRule() {
        List<Rule> kept =
                List.of(
                        new Rule.Contains("PARIS"),
                        new Rule.Excludes(","),
                        new Rule.StartsWith("In"),
                        new Rule.EndsWith("France."),
                        new Rule.Count("max_sentences", Rule.Unit.SENTENCES, 0, 1));
        List<Rule> broken =
                List.of(
                        new Rule.Contains("Lyon"),
                        new Rule.Excludes("paris"),
                        new Rule.StartsWith("Paris"),
                        new Rule.EndsWith("France"),
                        new Rule.Cased(Rule.Case.LOWER));

        assertThat(check("  In Paris in France.\n", kept))
                .extracting(Verdict::state)
                .containsOnly(Verdict.State.PASSED);
        assertThat(check("  In Paris in France.\n", broken))
                .extracting(Verdict::by, Verdict::reason)
                .containsExactly(
                        tuple("contains", "does not hold `Lyon`"),
                        tuple("excludes", "holds `paris`"),
                        tuple("starts_with", "does not begin with `Paris`"),
                        tuple("ends_with", "does not end with `France`"),
                        tuple("case", "has letters that are not in lower case"));
    }

    @Test
    void jsonMayStandInACodeFence() {
        SchemaValidator parser = (_, text) -> text.equals("[1]") ? List.of() : List.of("no JSON");

        assertThat(json("```json\n[1]\n```\n", parser)).isEqualTo(Verdict.passed("json"));
        assertThat(json(" [1]", parser)).isEqualTo(Verdict.passed("json"));
        assertThat(json("It is [1]", parser)).isEqualTo(Verdict.failed("json", "is no JSON"));
    }

    private static Verdict json(String text, SchemaValidator parser) {
        return AnswerRules.check(rules(new Rule.Json()), PROMPT, answer(says(text)), parser)
                .getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "LOWER, all of it 42 日本, true",
        "LOWER, All, false",
        "UPPER, ALL OF IT ÄÖ 42, true",
        "UPPER, ALL oF IT, false",
        "UPPER, 123, true"
    })
    void caseIsThatOfAllLetters(Rule.Case wanted, String text, boolean kept) {
        assertThat(TextRules.isIn(wanted, text)).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {". ", "- ", "\n\n", "a ", "1. ", "!\"", "。"})
    void hostileTextIsCountedInLinearTime(String piece) {
        String text = piece.repeat(300_000);

        for (Rule.Unit unit : Rule.Unit.values()) {
            assertThat(TextRules.fault(new Rule.Count("x", unit, 1_000_001, 2_000_000), text))
                    .isPresent();
        }
    }

    private static List<Verdict> check(String text, List<Rule> rules) {
        return AnswerRules.check(
                rules(rules.toArray(Rule[]::new)), PROMPT, answer(says(text)), (_, _) -> List.of());
    }
}
