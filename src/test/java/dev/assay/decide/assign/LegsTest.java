package dev.assay.decide.assign;

import static dev.assay.model.Samples.catalog;
import static dev.assay.model.Samples.priced;
import static dev.assay.model.Samples.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.decide.check.Judges;
import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.Prediction;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.ScoreKey;
import dev.assay.decide.learn.Scorecards;
import dev.assay.model.Catalog;
import dev.assay.model.CheckPolicy;
import dev.assay.model.ModelCard;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Route;
import dev.assay.model.Rule;
import dev.assay.model.Samples;
import dev.assay.model.Strategy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.IntStream;

class LegsTest {

    private static final Catalog CATALOG =
            catalog(priced("small", 0.01), priced("large", 0.1), priced("judge", 0));
    private static final Route ROUTE =
            route(
                    "r",
                    new Strategy.Cascade(List.of("small", "large"), OptionalDouble.of(0.01)),
                    CheckPolicy.NONE.withJudges(List.of("judge")));
    private static final Routes ROUTES = new Routes(List.of(ROUTE), Map.of());
    private static final List<ModelCard> CARDS =
            List.of(CATALOG.card("small"), CATALOG.card("large"));

    private final Scorecards scorecards = new Scorecards();
    private final Legs legs = new Legs(new CheapestRoad(CATALOG, ROUTES), ROUTES);

    @Test
    void howAModelDoesAfterOthersIsKnownFromItsEscalations() {
        observe("large", 1, 0.95);
        observe("large", 2, 0.4);

        Legs.Ahead ahead = ahead(admitted(), List.of());

        assertThat(ahead.next().get(1).pass()).isCloseTo(0.95, within(0.03));
        assertThat(ahead.later().get(1).pass()).isCloseTo(0.4, within(0.03));
    }

    @Test
    void afterARoundEveryModelIsOneThatIsAskedAfterOthers() {
        observe("large", 1, 0.95);
        observe("large", 2, 0.4);
        PromptState second = admitted().assigned(ROUTE, Samples.plan("small"));

        Legs.Ahead ahead = ahead(second, List.of());

        assertThat(ahead.next().get(1).pass()).isCloseTo(0.4, within(0.09));
    }

    @Test
    void modelWithFewEscalationsIsAskedInHope() {
        PromptState second = admitted().assigned(ROUTE, Samples.plan("small"));

        double before = ahead(second, List.of()).next().get(1).pass();
        double expectedBefore = ahead(second, List.of()).later().get(1).pass();
        observe("large", 2, 0.4);
        double after = ahead(second, List.of()).next().get(1).pass();
        double expectedAfter = ahead(second, List.of()).later().get(1).pass();

        assertThat(before).isGreaterThan(expectedBefore + 0.1);
        assertThat(after).isBetween(expectedAfter + 0.02, expectedAfter + 0.08);
    }

    @Test
    void promptThatIsExpectedToGoBadlyGoesBadlyLaterToo() {
        observe("large", 1, 0.8);
        observe("large", 2, 0.5);
        Prediction usual = new Prediction(7.8, 1, 100);
        Prediction hard = new Prediction(5, 1, 100);

        Leg usually = ahead(admitted(), List.of(usual, usual)).later().get(1);
        Leg here = ahead(admitted(), List.of(hard, hard)).later().get(1);

        assertThat(usually.pass()).isCloseTo(0.5, within(0.04));
        assertThat(here.pass()).isLessThan(usually.pass() - 0.2);
    }

    /// Answers of the small model have cost a tenth of what its list price made expect.
    @Test
    void costOfAModelNobodyAskedIsGuessedByWhatOthersCost() {
        observe("small", 1, 0.8);

        List<Leg> next = ahead(admitted(), List.of()).next();

        assertThat(next.get(0).usd()).isCloseTo(0.001, within(1e-9));
        assertThat(next.get(1).usd()).isCloseTo(0.01, within(1e-9));
    }

    @Test
    void judgesNoticeWhatIsWrongInTheShareTheySee() {
        assertThat(noticed(ROUTE.check())).isEqualTo(1);
        assertThat(noticed(sampled(0.1))).isEqualTo(0.1);
    }

    /// An answer of the large model costs 0.1 and the small one's verdict on it 0.01.
    @Test
    void checkCostsItsShareAtFirstAndAllOfItOnceJudgesWereDrawn() {
        Legs.Ahead ahead = ahead(admitted(), sampled(0.1));

        assertThat(ahead.next().getLast().usd()).isCloseTo(0.101, within(1e-9));
        assertThat(ahead.later().getLast().usd()).isCloseTo(0.11, within(1e-9));
        assertThat(ahead.later().getLast().noticed()).isEqualTo(1);
    }

    @Test
    void inALaterRoundTheDrawIsKnown() {
        PromptState drawn = afterOneRound(id -> Judges.sampled(sampled(0.1), id));
        PromptState spared = afterOneRound(id -> !Judges.sampled(sampled(0.1), id));

        assertThat(ahead(drawn, sampled(0.1)).next().getLast().noticed()).isEqualTo(1);
        assertThat(ahead(spared, sampled(0.1)).next().getLast().noticed()).isZero();
        assertThat(ahead(spared, sampled(0.1)).next().getLast().usd()).isCloseTo(0.1, within(1e-9));
    }

    /// Half of what is wrong breaks a rule, which is seen on each prompt; judges see one in ten.
    @Test
    void rulesNoticeWhatJudgesAreNotDrawnFor() {
        CheckPolicy check = sampled(0.1).withRules(List.of(new Rule.MaxChars(100)));
        for (int i = 0; i < 40; i++) {
            String by = i < 10 ? ScoreKey.BY_RULES : "small";
            scorecards.add(Observed.by(by, "large", 1, i >= 20, 0.1, check.rubricKey()));
        }

        assertThat(noticed(check)).isCloseTo(0.1 + 0.9 / 2, within(0.01));
    }

    @Test
    void nobodyNoticesAnythingWhereNothingIsChecked() {
        assertThat(noticed(CheckPolicy.NONE)).isZero();
    }

    /// Rules fail one answer in ten, and outsiders one in three of those they see.
    @Test
    void whatRulesMissIsKnownFromGradesFromOutside() {
        CheckPolicy rules = CheckPolicy.NONE.withRules(List.of(new Rule.MaxChars(100)));
        observe("small", 1, 0.9);
        double before = noticed(rules);
        for (int i = 0; i < 90; i++) {
            boolean right = i % 3 != 0;
            scorecards.addLate(
                    new Scope("r", Optional.empty()), "large", "s", 1, 1, right ? 9 : 3, right);
        }

        assertThat(before).isEqualTo(1);
        assertThat(noticed(rules)).isCloseTo(0.1 / (0.1 + 0.9 / 3), within(0.01));
    }

    private double noticed(CheckPolicy check) {
        return legs.ahead(admitted(), ROUTE.withCheck(check), CARDS, Knowledge.of(scorecards.all()))
                .next()
                .getFirst()
                .noticed();
    }

    private Legs.Ahead ahead(PromptState state, CheckPolicy check) {
        return legs.ahead(state, ROUTE.withCheck(check), CARDS, Knowledge.of(scorecards.all()));
    }

    private static PromptState afterOneRound(Predicate<String> ofId) {
        String id =
                IntStream.range(0, 1_000)
                        .mapToObj(n -> "p" + n)
                        .filter(ofId)
                        .findFirst()
                        .orElseThrow();
        return new PromptSample().id(id).admitted().assigned(ROUTE, Samples.plan("small"));
    }

    private static CheckPolicy sampled(double share) {
        CheckPolicy all = CheckPolicy.NONE.withJudges(List.of("small"));
        return new CheckPolicy(
                all.rules(),
                all.judges(),
                all.panel(),
                all.agreement(),
                all.rubric(),
                all.criteria(),
                all.pass(),
                share,
                all.allowSelf());
    }

    private Legs.Ahead ahead(PromptState state, List<Prediction> grades) {
        return legs.ahead(state, ROUTE, CARDS, grades, Knowledge.of(scorecards.all()));
    }

    private static PromptState admitted() {
        return new PromptSample().admitted();
    }

    private void observe(String model, int round, double passShare) {
        for (int i = 0; i < 200; i++) {
            boolean passed = (i * 37) % 100 < 100 * passShare;
            scorecards.add(Observed.of(model, round, passed, 0.001, ROUTE.check().rubricKey()));
        }
    }
}
