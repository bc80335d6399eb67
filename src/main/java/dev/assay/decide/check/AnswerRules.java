package dev.assay.decide.check;

import dev.assay.model.Answer;
import dev.assay.model.Candidate;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Completion;
import dev.assay.model.FinishReason;
import dev.assay.model.Prompt;
import dev.assay.model.Rule;
import dev.assay.model.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The rules of a route, and two that always hold: an answer must be there and be complete, and
/// what in it is meant for its judge is kept from the judge.
public final class AnswerRules {

    /// The label of the rule that always holds. It has a verdict only where it fails.
    public static final String FINISH = "finish";

    /// The label of the rule that looks for words to the judge. It has a verdict only where it
    /// finds some, and that one fails nothing: the rest of the answer is judged.
    public static final String INJECTION = "injection";

    /// Accepts whatever is JSON.
    private static final Rule.JsonSchema ANYTHING = new Rule.JsonSchema("any JSON", "{}");

    private static final int MAX_VIOLATIONS = 3;
    private static final int MAX_REASON_CHARS = 500;
    private static final int MAX_QUOTE_CHARS = 80;

    private AnswerRules() {}

    /// What the rules say of an answer: `finish` first where it fails, then every rule of the route
    /// in its order.
    ///
    /// Rules look at the answer's text, so they are skipped for an answer that only calls tools. A
    /// rule that cannot be decided within its bounds fails, since an answer has to be shown to keep
    /// it.
    public static List<Verdict> check(
            CheckPolicy policy, Prompt prompt, Answer answer, SchemaValidator schemas) {
        Completion completion = answer.completion();
        List<Verdict> verdicts = new ArrayList<>();
        finishFault(prompt, completion)
                .ifPresent(fault -> verdicts.add(Verdict.failed(FINISH, fault)));
        for (Rule rule : policy.rules()) {
            verdicts.add(
                    callsToolsOnly(completion)
                            ? Verdict.skipped(
                                    rule.label(), "the answer calls tools and has no text")
                            : verdict(rule, prompt, completion.text(), schemas));
        }
        boolean sound =
                verdicts.stream().noneMatch(verdict -> verdict.state() == Verdict.State.FAILED);
        if (sound && !policy.judges().isEmpty()) {
            noticed(prompt, completion).map(AnswerRules::injection).ifPresent(verdicts::add);
        }
        return List.copyOf(verdicts);
    }

    /// An answer as judges see it, without what is meant for them.
    public static String shownToJudges(Prompt prompt, Candidate candidate) {
        Completion completion = candidate.answer().completion();
        boolean marked =
                candidate.verdicts().stream().anyMatch(verdict -> verdict.by().equals(INJECTION));
        return Optional.of(completion)
                .filter(_ -> marked)
                .flatMap(answer -> noticed(prompt, answer))
                .map(Steering.Noticed::rest)
                .orElseGet(() -> JudgePrompt.answerText(completion));
    }

    private static Optional<Steering.Noticed> noticed(Prompt prompt, Completion completion) {
        return Steering.in(JudgePrompt.answerText(completion), prompt.request().json());
    }

    private static Verdict injection(Steering.Noticed noticed) {
        return Verdict.skipped(
                INJECTION,
                noticed.passages() == 1
                        ? "1 passage that is meant for the judge was kept from it"
                        : noticed.passages()
                                + " passages that are meant for the judge were kept from it");
    }

    private static Optional<String> finishFault(Prompt prompt, Completion completion) {
        FinishReason finish = completion.finishReason();
        if (finish == FinishReason.CONTENT_FILTER) {
            return Optional.of("the provider's content filter stopped the answer");
        }
        Optional<String> refusal = completion.refusal().filter(text -> !text.isBlank());
        if (refusal.isPresent()) {
            return Optional.of(
                    "the model refused: " + Texts.first(MAX_REASON_CHARS, refusal.get()));
        }
        if (completion.text().isBlank() && !completion.hasToolCalls()) {
            return Optional.of(
                    finish == FinishReason.LENGTH
                            ? "the answer is empty: the output limit was reached before any text"
                            : "the answer is empty");
        }
        if (finish == FinishReason.LENGTH && prompt.request().maxOutputTokens().isEmpty()) {
            return Optional.of(
                    "the answer is cut off at an output limit that the request did not set");
        }
        return Optional.empty();
    }

    private static boolean callsToolsOnly(Completion completion) {
        return completion.hasToolCalls() && completion.text().isBlank();
    }

    private static Verdict verdict(Rule rule, Prompt prompt, String text, SchemaValidator schemas) {
        return switch (rule) {
            case Rule.JsonSchema schema -> jsonSchema(schema, text, schemas);
            case Rule.Regex regex -> regex(regex, text);
            case Rule.MaxChars maxChars -> maxChars(maxChars, text);
            case Rule.EqualsReference equals -> equalsReference(equals, prompt.reference(), text);
            case Rule.Json json -> json(json, text, schemas);
            case Rule.Count count ->
                    TextRules.fault(count, text)
                            .map(fault -> Verdict.failed(count.label(), fault))
                            .orElseGet(() -> Verdict.passed(count.label()));
            case Rule.Contains contains ->
                    unless(
                            TextRules.contains(text, contains.text()),
                            contains,
                            "does not hold " + quoted(contains.text()));
            case Rule.Excludes excludes ->
                    unless(
                            !TextRules.contains(text, excludes.text()),
                            excludes,
                            "holds " + quoted(excludes.text()));
            case Rule.StartsWith start ->
                    unless(
                            TextRules.begins(text, start.text()),
                            start,
                            "does not begin with " + quoted(start.text()));
            case Rule.EndsWith end ->
                    unless(
                            TextRules.ends(text, end.text()),
                            end,
                            "does not end with " + quoted(end.text()));
            case Rule.Cased cased ->
                    unless(
                            TextRules.isIn(cased.wanted(), text),
                            cased,
                            "has letters that are not in %s case"
                                    .formatted(cased.wanted().name().toLowerCase(Locale.ROOT)));
        };
    }

    private static Verdict unless(boolean kept, Rule rule, String fault) {
        return kept ? Verdict.passed(rule.label()) : Verdict.failed(rule.label(), fault);
    }

    private static Verdict json(Rule.Json rule, String text, SchemaValidator schemas) {
        List<String> violations = schemas.violations(ANYTHING, Fences.without(text.strip()));
        return unless(violations.isEmpty(), rule, "is no JSON");
    }

    private static Verdict jsonSchema(Rule.JsonSchema rule, String text, SchemaValidator schemas) {
        List<String> violations = schemas.violations(rule, text);
        if (violations.isEmpty()) {
            return Verdict.passed(rule.label());
        }
        String listed =
                String.join(
                        "; ", violations.subList(0, Math.min(MAX_VIOLATIONS, violations.size())));
        int more = violations.size() - MAX_VIOLATIONS;
        return Verdict.failed(
                rule.label(),
                "against "
                        + rule.source()
                        + ": "
                        + Texts.first(MAX_REASON_CHARS, listed)
                        + (more > 0 ? " and " + more + " more" : ""));
    }

    private static Verdict regex(Rule.Regex rule, String text) {
        String pattern = quoted(rule.pattern().pattern());
        return switch (BoundedFind.find(rule.pattern(), text)) {
            case FOUND -> Verdict.passed(rule.label());
            case NOT_FOUND -> Verdict.failed(rule.label(), "nothing matches " + pattern);
            case GAVE_UP ->
                    Verdict.failed(
                            rule.label(),
                            "gave up after %d looks at the text; write %s so that it backtracks less, with `++` for `+`"
                                    .formatted(BoundedFind.maxLooks(text), pattern));
        };
    }

    private static Verdict maxChars(Rule.MaxChars rule, String text) {
        int chars = text.codePointCount(0, text.length());
        return chars <= rule.max()
                ? Verdict.passed(rule.label())
                : Verdict.failed(
                        rule.label(), "has " + chars + " characters, more than " + rule.max());
    }

    private static Verdict equalsReference(
            Rule.EqualsReference rule, Optional<String> reference, String text) {
        if (reference.isEmpty()) {
            return Verdict.skipped(rule.label(), "the prompt has no reference");
        }
        String sought = sought(rule.comparison());
        Optional<String> expected = FinalAnswer.of(rule.comparison(), reference.get());
        if (expected.isEmpty()) {
            return Verdict.skipped(rule.label(), "the reference holds no " + sought);
        }
        Optional<String> given = FinalAnswer.of(rule.comparison(), text);
        if (given.isEmpty()) {
            return Verdict.failed(rule.label(), "the answer holds no " + sought);
        }
        return given.equals(expected)
                ? Verdict.passed(rule.label())
                : Verdict.failed(
                        rule.label(),
                        "answered " + quoted(given.get()) + ", not " + quoted(expected.get()));
    }

    private static String sought(Rule.Comparison comparison) {
        return switch (comparison) {
            case NUMBER -> "number";
            case CHOICE -> "option letter";
            case TEXT -> "text";
        };
    }

    private static String quoted(String text) {
        String shown = Texts.first(MAX_QUOTE_CHARS, text);
        return "`" + shown + (shown.length() < text.length() ? "…" : "") + "`";
    }
}
