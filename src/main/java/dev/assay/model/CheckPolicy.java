package dev.assay.model;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How answers of a route are checked.
///
/// @param judges models that grade, in the order in which they are asked
/// @param panel how they work together
/// @param agreement the model whose own answer decides by comparison, before any judge
/// @param rubric what the judges are told to look at
/// @param criteria what they give a score each, where there are any; the weighted mean is theirs
/// @param pass the bar, 0 to 10; a grade at or above it passes
/// @param sample the share of prompts, 0 to 1, that judges see; rules see all
/// @param allowSelf a model may grade itself and its family
public record CheckPolicy(
        List<Rule> rules,
        List<String> judges,
        Panel panel,
        Optional<Agreement> agreement,
        String rubric,
        List<Criterion> criteria,
        double pass,
        double sample,
        boolean allowSelf) {

    /// Another model answers on its own, and the final answers are compared.
    ///
    /// @param by what of the answers is compared; where empty, what both have
    public record Agreement(String model, Optional<Rule.Comparison> by) {}

    /// The bar of a route that sets none.
    public static final double DEFAULT_PASS = 7;

    /// What judges look at on a route that has no rubric of its own.
    public static final String DEFAULT_RUBRIC =
            """
            - Correctness: every claim, number, step and piece of code is right; verify them, do not trust them. Every
              instruction and limit that the question sets is kept.
            - Completeness: every part of the question is dealt with, and nothing that is needed is missing.
            - Helpfulness: it is clear, to the point and usable as it stands.
            Correctness counts most, helpfulness least. Length, confidence and polish earn nothing by themselves.
            Declining is right only where no good answer can be given.
            10: correct and complete; nothing to improve. 8-9: correct and complete, with small blemishes. 6-7: right in
            the main, with a minor error or gap. 4-5: useful in part, with a serious error or gap. 2-3: mostly wrong or
            beside the point. 1: wrong, empty, or no answer to what was asked.
            """;

    /// What judges are told on a route that has criteria and no rubric of its own.
    public static final String CRITERIA_RUBRIC =
            """
            Score each criterion by itself. Length, confidence and polish earn nothing by themselves.
            10: nothing to improve. 8-9: small blemishes. 6-7: right in the main, with a minor error or gap. 4-5: useful
            in part, with a serious error or gap. 2-3: mostly wrong or beside the point. 1: wrong, empty, or no answer
            to what was asked.
            """;

    /// Nothing is checked.
    public static final CheckPolicy NONE =
            new CheckPolicy(
                    List.of(),
                    List.of(),
                    Panel.FIRST,
                    Optional.empty(),
                    DEFAULT_RUBRIC,
                    List.of(),
                    DEFAULT_PASS,
                    1,
                    false);

    public CheckPolicy {
        rules = List.copyOf(rules);
        judges = List.copyOf(judges);
        criteria = List.copyOf(criteria);
    }

    /// True where nothing is checked.
    public boolean isNone() {
        return rules.isEmpty() && !asksModels();
    }

    /// True where other models look at answers: those to the share `sample` of prompts.
    public boolean asksModels() {
        return !judges.isEmpty() || agreement.isPresent();
    }

    /// Tells grades by this rubric from grades by another: a hash of it, 8 hexadecimal digits.
    public String rubricKey() {
        String told =
                criteria.isEmpty()
                        ? rubric
                        : criteria.stream()
                                .map(one -> one.name() + one.weight() + one.description())
                                .collect(Collectors.joining("\n", rubric, ""));
        return HexFormat.of().toHexDigits(told.hashCode());
    }

    /// The same with another bar.
    public CheckPolicy withPass(double newPass) {
        return new CheckPolicy(
                rules, judges, panel, agreement, rubric, criteria, newPass, sample, allowSelf);
    }

    /// True where the model of the agreement was found to say the same. The members of an ensemble
    /// agree with each other, which is no check.
    public boolean agreed(Candidate candidate) {
        return agreement
                .filter(
                        other ->
                                candidate.verdicts().stream()
                                        .filter(verdict -> verdict.kind() == Verdict.Kind.AGREEMENT)
                                        .filter(verdict -> verdict.by().equals(other.model()))
                                        .anyMatch(
                                                verdict -> verdict.state() == Verdict.State.PASSED))
                .isPresent();
    }

    /// The same with other rules.
    public CheckPolicy withRules(List<Rule> newRules) {
        return new CheckPolicy(
                newRules, judges, panel, agreement, rubric, criteria, pass, sample, allowSelf);
    }

    /// The same with another model to agree, or none.
    public CheckPolicy withAgreement(Optional<Agreement> newAgreement) {
        return new CheckPolicy(
                rules, judges, panel, newAgreement, rubric, criteria, pass, sample, allowSelf);
    }

    /// The same with other judges.
    public CheckPolicy withJudges(List<String> newJudges) {
        return new CheckPolicy(
                rules, newJudges, panel, agreement, rubric, criteria, pass, sample, allowSelf);
    }
}
