package dev.assay.provider.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.config.ModelConfig.Simulation;
import dev.assay.decide.check.FinalAnswer;
import dev.assay.decide.check.JudgeMessages;
import dev.assay.decide.check.JudgePrompt;
import dev.assay.decide.check.PairPrompt;
import dev.assay.model.CheckPolicy;
import dev.assay.provider.ChatText;
import dev.assay.provider.ChatText.Message;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

class SimulatedModelTest {

    private static final int PROMPTS = 500;
    private static final Pattern VERDICT =
            Pattern.compile("\\{\"reason\": \"[^\"]+\", \"score\": (\\d+)}");

    private static final Pattern WINNER =
            Pattern.compile("\\{\"reason\": \"[^\"]+\", \"winner\": \"(A|B|tie)\"}");

    private final SimulatedModel weak = model("weak", 5);
    private final SimulatedModel middling = model("middling", 7);
    private final SimulatedModel strong = model("strong", 9);

    @Test
    void betterModelsGetBetterGradesAndAllVary() {
        double weakMean = mean(i -> grade(strong, i, answer(weak, i)));
        double middlingMean = mean(i -> grade(strong, i, answer(middling, i)));
        double strongMean = mean(i -> grade(strong, i, answer(strong, i)));

        assertThat(weakMean).isCloseTo(5, within(0.4));
        assertThat(middlingMean).isCloseTo(7, within(0.4));
        assertThat(strongMean).isBetween(8.2, 9.3);
        assertThat(passing(weak)).isBetween(0.05, 0.3);
        assertThat(passing(middling)).isBetween(0.4, 0.7);
        assertThat(passing(strong)).isBetween(0.85, 1.0);
    }

    @Test
    void whatIsHardForOneIsHardForTheOther() {
        double together =
                mean(
                        i ->
                                grade(strong, i, answer(weak, i))
                                        * grade(strong, i, answer(middling, i)));
        double apart =
                mean(i -> grade(strong, i, answer(weak, i)))
                        * mean(i -> grade(strong, i, answer(middling, i)));

        assertThat(together - apart).isGreaterThan(1);
    }

    @Test
    void skilledJudgesAreMoreExact() {
        double strongError =
                mean(
                        i ->
                                Math.abs(
                                        grade(strong, i, answer(middling, i))
                                                - level(answer(middling, i))));
        double weakError =
                mean(
                        i ->
                                Math.abs(
                                        grade(weak, i, answer(middling, i))
                                                - level(answer(middling, i))));

        assertThat(strongError).isLessThan(0.4);
        assertThat(weakError).isBetween(0.5, 2.0);
    }

    @Test
    void aJudgeGradesTheAnswerAndNotWhatTheQuestionHolds() {
        String good = AnswerText.write(10, 1, Draw.of(1));
        String bad = AnswerText.write(1, 1, Draw.of(2));

        assertThat(verdict(strong, "Is this right? " + good, bad)).isLessThanOrEqualTo(2);
        assertThat(verdict(strong, "Is this right? " + bad, good)).isGreaterThanOrEqualTo(9);
    }

    @Test
    void aJudgeComparesAndTheSkilledOneInEitherOrder() {
        String good = AnswerText.write(9, 1, Draw.of(1));
        String bad = AnswerText.write(3, 1, Draw.of(2));

        assertThat(comparison(strong, "6*7? " + bad, good, bad)).isEqualTo("A");
        assertThat(comparison(strong, "6*7? " + bad, bad, good)).isEqualTo("B");
        assertThat(comparison(strong, "6*7?", "42", "43")).isIn("A", "B", "tie");
    }

    @Test
    void theLessSkilledJudgeIsSwayedByTheOrderMoreOften() {
        assertThat(flips(weak)).isGreaterThan(flips(strong)).isGreaterThan(0.1);
    }

    @Test
    void anAnswerOfSomebodyElseIsGradedAllTheSame() {
        assertThat(verdict(strong, "6*7?", "42")).isBetween(1, 10);
    }

    @Test
    void goodAnswersAgreeAndBadOnesScatter() {
        double strongAgree = agreement(strong, model("stronger", 9.5));
        double weakAgree = agreement(weak, model("weaker", 4.5));

        assertThat(strongAgree).isGreaterThan(0.9);
        assertThat(weakAgree).isBetween(0.2, 0.75);
    }

    @Test
    void whoReadsOtherAnswersDoesNoWorseThanTheBestOfThem() {
        String best = AnswerText.write(9, 1, Draw.of(1));
        String worst = AnswerText.write(2, 1, Draw.of(2));

        String fused =
                ask(weak, "Answers so far:\n" + best + "\n" + worst + "\nWrite the final one.");

        assertThat(level(fused)).isGreaterThanOrEqualTo(9);
    }

    @Test
    void theSeedDecides() {
        SimulatedModel other = new SimulatedModel("weak", weak.simulation(), 2, 0);

        assertThat(ask(weak, "6*7?")).isEqualTo(ask(model("weak", 5), "6*7?"));
        assertThat(ask(weak, "6*7?")).isNotEqualTo(ask(other, "6*7?"));
    }

    @Test
    void withoutSpreadEveryAnswerTakesTheMedian() {
        assertThat(weak.reply(chat("6*7?")).latency()).isEqualTo(Duration.ofMillis(200));
    }

    private static SimulatedModel model(String name, double skill) {
        return new SimulatedModel(name, new Simulation(Duration.ofMillis(200), skill, 0), 1, 0);
    }

    private double passing(SimulatedModel model) {
        return mean(i -> grade(strong, i, answer(model, i)) >= 7 ? 1 : 0);
    }

    private static double agreement(SimulatedModel one, SimulatedModel other) {
        return mean(i -> number(answer(one, i)).equals(number(answer(other, i))) ? 1 : 0);
    }

    private static String number(String answer) {
        return FinalAnswer.number(answer).orElseThrow();
    }

    private static String answer(SimulatedModel model, int prompt) {
        return ask(model, question(prompt));
    }

    private static int grade(SimulatedModel judge, int prompt, String answer) {
        return verdict(judge, question(prompt), answer);
    }

    /// Asks as the pipeline does.
    private static int verdict(SimulatedModel judge, String question, String answer) {
        String nonce = JudgePrompt.nonce(question, 1, 0);
        JudgeMessages messages =
                JudgePrompt.messages(CheckPolicy.NONE, question, Optional.empty(), answer, nonce);
        ChatText chat =
                new ChatText(
                        Optional.empty(),
                        false,
                        List.of(
                                new Message("system", messages.system(), true),
                                new Message("user", messages.user(), true)));
        Matcher verdict = VERDICT.matcher(judge.reply(chat).text());
        assertThat(verdict.matches()).isTrue();
        return Integer.parseInt(verdict.group(1));
    }

    private static double flips(SimulatedModel judge) {
        String one = AnswerText.write(7, 1, Draw.of(1));
        String other = AnswerText.write(6, 1, Draw.of(2));
        return mean(
                i ->
                        comparison(judge, question(i), one, other)
                                        .equals(comparison(judge, question(i), other, one))
                                ? 1
                                : 0);
    }

    private static String comparison(
            SimulatedModel judge, String question, String first, String second) {
        JudgeMessages messages =
                PairPrompt.messages(
                        CheckPolicy.NONE,
                        question,
                        Optional.empty(),
                        first,
                        second,
                        JudgePrompt.nonce(question, 1, 0));
        ChatText chat =
                new ChatText(
                        Optional.empty(),
                        false,
                        List.of(
                                new Message("system", messages.system(), true),
                                new Message("user", messages.user(), true)));
        Matcher winner = WINNER.matcher(judge.reply(chat).text());
        assertThat(winner.matches()).isTrue();
        return winner.group(1);
    }

    private static String ask(SimulatedModel model, String prompt) {
        return model.reply(chat(prompt)).text();
    }

    private static ChatText chat(String prompt) {
        return new ChatText(Optional.empty(), false, List.of(new Message("user", prompt, true)));
    }

    private static int level(String answer) {
        return AnswerText.lastLevel(answer).orElseThrow();
    }

    private static String question(int prompt) {
        return "Question number " + prompt + ": how many are there?";
    }

    private static double mean(IntToDoubleFunction value) {
        return IntStream.range(0, PROMPTS).mapToDouble(value).average().orElseThrow();
    }
}
