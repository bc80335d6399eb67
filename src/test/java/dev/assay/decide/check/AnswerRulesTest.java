package dev.assay.decide.check;

import static dev.assay.decide.check.CheckSamples.PROMPT;
import static dev.assay.decide.check.CheckSamples.answer;
import static dev.assay.decide.check.CheckSamples.callsTools;
import static dev.assay.decide.check.CheckSamples.ends;
import static dev.assay.decide.check.CheckSamples.promptWithLimit;
import static dev.assay.decide.check.CheckSamples.promptWithReference;
import static dev.assay.decide.check.CheckSamples.refuses;
import static dev.assay.decide.check.CheckSamples.rules;
import static dev.assay.decide.check.CheckSamples.says;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.model.CheckPolicy;
import dev.assay.model.Completion;
import dev.assay.model.FinishReason;
import dev.assay.model.Prompt;
import dev.assay.model.Rule;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.regex.Pattern;

class AnswerRulesTest {

    private static final SchemaValidator ACCEPTS_ALL = (_, _) -> List.of();
    private static final Rule SCHEMA = new Rule.JsonSchema("answer.json", "{}");

    @ParameterizedTest
    @EnumSource(names = {"STOP", "OTHER"})
    void completeAnswerHasNoVerdictOnItsFinish(FinishReason reason) {
        List<Verdict> verdicts = check(rules(), PROMPT, ends(reason, "42"));

        assertThat(verdicts).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t", "\u2003"})
    void emptyAnswerFails(String text) {
        List<Verdict> verdicts = check(rules(), PROMPT, says(text));

        assertThat(verdicts).containsExactly(Verdict.failed("finish", "the answer is empty"));
    }

    @Test
    void refusalFailsAndTellsItsWords() {
        List<Verdict> verdicts = check(rules(), PROMPT, refuses("I cannot help with that."));

        assertThat(verdicts)
                .containsExactly(
                        Verdict.failed("finish", "the model refused: I cannot help with that."));
    }

    @Test
    void contentFilterFailsWhateverWasWrittenBefore() {
        List<Verdict> verdicts =
                check(rules(), PROMPT, ends(FinishReason.CONTENT_FILTER, "First, take"));

        assertThat(verdicts)
                .containsExactly(
                        Verdict.failed(
                                "finish", "the provider's content filter stopped the answer"));
    }

    @Test
    void cutAnswerFailsWhereTheRequestSetNoLimit() {
        List<Verdict> verdicts = check(rules(), PROMPT, ends(FinishReason.LENGTH, "It was a"));

        assertThat(verdicts).extracting(Verdict::state).containsExactly(State.FAILED);
        assertThat(verdicts.getFirst().reason()).contains("cut off");
    }

    @Test
    void cutAnswerIsWhatARequestWithALimitAskedFor() {
        List<Verdict> verdicts =
                check(rules(), promptWithLimit(4), ends(FinishReason.LENGTH, "It was a"));

        assertThat(verdicts).isEmpty();
    }

    @Test
    void emptyAnswerFailsEvenAtALimitThatTheRequestSet() {
        List<Verdict> verdicts = check(rules(), promptWithLimit(4), ends(FinishReason.LENGTH, ""));

        assertThat(verdicts).extracting(Verdict::state).containsExactly(State.FAILED);
        assertThat(verdicts.getFirst().reason()).contains("before any text");
    }

    @Test
    void toolCallsAreAnAnswerThatRulesForTextSkip() {
        CheckPolicy policy = rules(SCHEMA, new Rule.MaxChars(1), regex("x"));

        List<Verdict> verdicts = check(policy, PROMPT, callsTools(""));

        assertThat(verdicts)
                .extracting(Verdict::state)
                .containsExactly(State.SKIPPED, State.SKIPPED, State.SKIPPED);
    }

    @Test
    void textBesideToolCallsIsChecked() {
        List<Verdict> verdicts =
                check(rules(new Rule.MaxChars(1)), PROMPT, callsTools("let me see"));

        assertThat(verdicts).extracting(Verdict::state).containsExactly(State.FAILED);
    }

    @Test
    void everyRuleSpeaksInItsOrderAlsoAfterOneFailed() {
        CheckPolicy policy =
                rules(
                        regex("z"),
                        new Rule.MaxChars(100),
                        SCHEMA,
                        new Rule.EqualsReference(Rule.Comparison.NUMBER));

        List<Verdict> verdicts = check(policy, PROMPT, ends(FinishReason.LENGTH, "a"));

        assertThat(verdicts)
                .extracting(verdict -> verdict.by() + " " + verdict.state().label())
                .containsExactly(
                        "finish failed",
                        "regex failed",
                        "max_chars passed",
                        "json_schema passed",
                        "equals_reference skipped");
        assertThat(verdicts).extracting(Verdict::kind).containsOnly(Verdict.Kind.RULE);
    }

    @Test
    void schemaSeesTheAnswerAndItsViolationsAreTold() {
        SchemaValidator schemas =
                (schema, text) -> List.of(schema.source() + " sees " + text, "b", "c", "d", "e");

        List<Verdict> verdicts =
                AnswerRules.check(rules(SCHEMA), PROMPT, answer(says("[1]")), schemas);

        assertThat(verdicts)
                .containsExactly(
                        Verdict.failed(
                                "json_schema",
                                "against answer.json: answer.json sees [1]; b; c and 2 more"));
    }

    @Test
    void longViolationsAreCut() {
        SchemaValidator schemas = (_, _) -> List.of("x".repeat(100_000));

        List<Verdict> verdicts =
                AnswerRules.check(rules(SCHEMA), PROMPT, answer(says("[1]")), schemas);

        assertThat(verdicts.getFirst().reason()).hasSizeLessThan(1_000);
    }

    @ParameterizedTest
    @CsvSource({"^\\d+$, 42, PASSED", "\\d, no digit, FAILED", "b, abc, PASSED"})
    void patternIsFoundAnywhere(String pattern, String text, State state) {
        List<Verdict> verdicts = check(rules(regex(pattern)), PROMPT, says(text));

        assertThat(verdicts).extracting(Verdict::state).containsExactly(state);
    }

    @Test
    void patternThatBacktracksWithoutEndFailsAndSaysWhatToDo() {
        Rule rule = regex("(x+x+)+y");

        List<Verdict> verdicts = check(rules(rule), PROMPT, says("x".repeat(200)));

        assertThat(verdicts).extracting(Verdict::state).containsExactly(State.FAILED);
        assertThat(verdicts.getFirst().reason())
                .contains("gave up after 1020000 looks", "(x+x+)+y", "backtracks less");
    }

    @ParameterizedTest
    @CsvSource({"abc, 3, PASSED", "abcd, 3, FAILED", "😀😀😀, 3, PASSED", "😀😀😀😀, 3, FAILED"})
    void charactersAreCodePoints(String text, int max, State state) {
        List<Verdict> verdicts = check(rules(new Rule.MaxChars(max)), PROMPT, says(text));

        assertThat(verdicts).extracting(Verdict::state).containsExactly(state);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    NUMBER | 18           | She makes $18.00 a day.       | PASSED
                    NUMBER | 18           | She makes $17 a day.          | FAILED
                    NUMBER | 18           | She makes a lot.              | FAILED
                    NUMBER | eighteen     | She makes $18 a day.          | SKIPPED
                    CHOICE | B            | The answer is (B).            | PASSED
                    CHOICE | B            | The answer is (C).            | FAILED
                    CHOICE | B            | Hard to say.                  | FAILED
                    CHOICE | see appendix | The answer is (B).            | SKIPPED
                    TEXT   | Paris        | paris.                        | PASSED
                    TEXT   | Paris        | It is Paris.                  | FAILED
                    TEXT   | ' '          | Paris                         | SKIPPED
                    """)
    void finalAnswerIsComparedWithThatOfTheReference(
            Rule.Comparison comparison, String reference, String text, State state) {
        CheckPolicy policy = rules(new Rule.EqualsReference(comparison));

        List<Verdict> verdicts = check(policy, promptWithReference(reference), says(text));

        assertThat(verdicts).extracting(Verdict::state).containsExactly(state);
    }

    @Test
    void differenceFromTheReferenceIsTold() {
        CheckPolicy policy = rules(new Rule.EqualsReference(Rule.Comparison.NUMBER));

        List<Verdict> verdicts = check(policy, promptWithReference("#### 1,000"), says("So 999."));

        assertThat(verdicts)
                .containsExactly(Verdict.failed("equals_reference", "answered `999`, not `1000`"));
    }

    private static List<Verdict> check(CheckPolicy policy, Prompt prompt, Completion completion) {
        return AnswerRules.check(policy, prompt, answer(completion), ACCEPTS_ALL);
    }

    private static Rule regex(String pattern) {
        return new Rule.Regex(Pattern.compile(pattern));
    }
}
