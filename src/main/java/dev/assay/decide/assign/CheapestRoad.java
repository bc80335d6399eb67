package dev.assay.decide.assign;

import dev.assay.decide.check.Judges;
import dev.assay.decide.check.StableHash;
import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.Tally;
import dev.assay.model.Catalog;
import dev.assay.model.ChatRequest;
import dev.assay.model.CheckPolicy;
import dev.assay.model.ModelCard;
import dev.assay.model.Panel;
import dev.assay.model.Plan;
import dev.assay.model.PromptState;
import dev.assay.model.Route;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Orders models so that the whole road to a good answer is expected to cost least: the answer, its
/// check, and what follows where it is not good enough.
///
/// Of models asked one after the other until one passes, the order of least expected cost is by
/// cost divided by the chance to pass (the least-cost testing sequence; Mitten, 1960). It holds
/// where chances are independent, which those of models on one prompt are not quite: a hard prompt
/// is hard for all.
final class CheapestRoad {

    /// Graded answers that a model gets before its scorecard alone decides.
    static final double FAIR_TRIES = 30;

    /// The share of prompts that go to a model which has not had its fair tries, where the route
    /// says nothing of it.
    static final double EXPLORED = 0.05;

    /// A prompt whose deadline is nearer is not experimented with.
    static final Duration ROOM_TO_EXPLORE = Duration.ofMinutes(5);

    /// What is thought of a model before it has grades, and how many grades that thought is worth.
    private static final double PRIOR_PASS = 0.7;

    private static final double PRIOR_GRADES = 4;

    private final Catalog catalog;
    private final Routes routes;

    CheapestRoad(Catalog catalog, Routes routes) {
        this.catalog = catalog;
        this.routes = routes;
    }

    /// What is expected of one model on this prompt.
    ///
    /// @param usd of its answer and of the check of it, times the chance that it is checked
    /// @param mostUsd what an experiment with it may cost
    /// @param pass the chance that it answers and passes
    /// @param goesOn the chance that another model is asked after it
    /// @param reaches false where its grades say that it does not reach the bar
    /// @param tried had its fair tries
    record Expected(
            ModelCard card,
            double usd,
            double mostUsd,
            double pass,
            double goesOn,
            boolean reaches,
            boolean tried) {
        double usdPerPass() {
            return usd / pass;
        }
    }

    /// The first model, and the others in the order in which they take over.
    ///
    /// @param cards that may take the prompt, at least one
    /// @param explore the share of prompts that may go to a model without its fair tries
    Plan plan(
            PromptState state,
            Route route,
            List<ModelCard> cards,
            Knowledge knowledge,
            double explore) {
        List<Expected> order = new ArrayList<>();
        for (ModelCard card : cards) {
            order.add(expected(state, route, card, knowledge));
        }
        order.sort(
                Comparator.comparing((Expected model) -> !model.reaches())
                        .thenComparingDouble(Expected::usdPerPass));
        return explored(state, route, order, explore)
                .orElseGet(() -> greedy(state, route, order, explore));
    }

    private Plan greedy(PromptState state, Route route, List<Expected> order, double explore) {
        Expected first = order.getFirst();
        String why =
                String.format(
                        Locale.ROOT,
                        "cheapest of %d: %.6f USD expected for the whole road, %.6f for answer and"
                                + " check, %.0f %% pass%s",
                        order.size(),
                        roadUsd(order, route.rounds() - state.round()),
                        first.usd(),
                        100 * first.pass(),
                        first.tried() || !checks(route) ? "" : " (assumed)");
        double explored = untried(state, route, order).isEmpty() ? 0 : explore;
        return plan(order, first, 1 - explored, why);
    }

    /// Now and then the model with the fewest grades, which nobody would come to know otherwise.
    private Optional<Plan> explored(
            PromptState state, Route route, List<Expected> order, double explore) {
        List<Expected> untried = untried(state, route, order);
        String id = state.prompt().id();
        if (untried.isEmpty() || StableHash.fraction("assign.explore", id) >= explore) {
            return Optional.empty();
        }
        int drawn = (int) (StableHash.fraction("assign.explored", id) * untried.size());
        Expected chosen = untried.get(drawn);
        String why = "a fair try: fewer than %.0f grades so far".formatted(FAIR_TRIES);
        return Optional.of(plan(order, chosen, explore / untried.size(), why));
    }

    /// Models that this prompt can bear to be tried with instead of the best: in a first round
    /// whose answers are checked, with time, and with money for the best one after it.
    private List<Expected> untried(PromptState state, Route route, List<Expected> order) {
        if (!bearsExploring(state, route)) {
            return List.of();
        }
        double bestUsd = order.getFirst().mostUsd();
        return order.stream()
                .skip(1)
                .filter(model -> !model.tried())
                .filter(model -> routes.affords(state, model.mostUsd() + bestUsd))
                .toList();
    }

    /// True where a prompt can bear to be tried on another model than the best: in a first round
    /// whose answer is checked, with time for another.
    static boolean bearsExploring(PromptState state, Route route) {
        return state.round() == 0 && checks(route) && hasTime(state);
    }

    private static boolean checks(Route route) {
        return !route.check().isNone();
    }

    /// True where the deadline, if any, is far enough away for an experiment.
    static boolean hasTime(PromptState state) {
        Instant admittedAt = state.prompt().origin().admittedAt();
        return state.prompt()
                .constraints()
                .deadline()
                .map(deadline -> !deadline.isBefore(admittedAt.plus(ROOM_TO_EXPLORE)))
                .orElse(true);
    }

    Expected expected(PromptState state, Route route, ModelCard card, Knowledge knowledge) {
        CheckPolicy policy = route.check();
        Scope scope = routes.scope(route.name(), state.prompt());
        Tally tally = knowledge.tally(scope, card.name(), policy.rubricKey()).orElse(Tally.NOTHING);
        double passes =
                (tally.passedWeight() + PRIOR_PASS * PRIOR_GRADES)
                        / (tally.decidedWeight() + PRIOR_GRADES);
        double answers = (tally.answered() + PRIOR_GRADES) / (tally.tries() + PRIOR_GRADES);
        double pass = checks(route) ? passes * answers : answers;
        double noticed = policy.asksModels() ? Judges.chance(policy, state) : 1;
        double answerUsd = answerUsd(state, card, tally);
        double checkUsd = checkUsd(state, route, card, tally);
        boolean tried = tally.decidedWeight() >= FAIR_TRIES;
        // Where no judge scores, passing is all or nothing, and only grades from outside are a
        // mean.
        Tally graded =
                policy.judges().isEmpty() ? knowledge.outsideTally(scope, card.name()) : tally;
        boolean reaches =
                graded.decidedWeight() < FAIR_TRIES
                        || graded.meanGrade().orElse(policy.pass()) + graded.gradeCi95().orElse(0)
                                >= policy.pass();
        return new Expected(
                card,
                answerUsd + noticed * checkUsd,
                mostUsd(state, route, card, tally),
                pass,
                1 - answers + noticed * (answers - pass),
                reaches,
                tried);
    }

    /// What an experiment with a model may cost: its answer, be the prompt longer than most, and
    /// the check, as explored answers are always judged.
    double mostUsd(PromptState state, Route route, ModelCard card, Tally observed) {
        double atList = Estimates.answerUsd(card, state.prompt().request());
        return Math.max(atList, answerUsd(state, card, observed))
                + checkUsd(state, route, card, observed);
    }

    /// What an answer of a model is expected to cost, by these observations of it; at list price
    /// where there are none.
    static double answerUsd(PromptState state, ModelCard card, Tally observed) {
        return observed.meanAnswerUsd()
                .orElseGet(() -> Estimates.answerUsd(card, state.prompt().request()));
    }

    /// The same of its check, where it is checked. Nothing where whoever is to agree has answered
    /// in a round before.
    double checkUsd(PromptState state, Route route, ModelCard card, Tally observed) {
        boolean answered =
                route.check()
                        .agreement()
                        .flatMap(agreement -> state.opinionOf(agreement.model()))
                        .isPresent();
        return answered
                ? 0
                : observed.meanCheckUsd().orElseGet(() -> checkUsd(state, route.check(), card));
    }

    /// At list price: the answer of who is to agree; else a verdict of the first judge, or of each
    /// judge of a panel. Rules cost nothing.
    private double checkUsd(PromptState state, CheckPolicy policy, ModelCard answering) {
        ChatRequest request = state.prompt().request();
        Optional<String> agreeing =
                policy.agreement()
                        .map(CheckPolicy.Agreement::model)
                        .filter(model -> !Judges.wrote(model, answering.name(), catalog));
        if (agreeing.isPresent()) {
            return Estimates.answerUsd(catalog.card(agreeing.get()), request);
        }
        List<Judges.Judge> judges = Judges.eligible(policy, answering.name(), catalog);
        int asked = policy.panel().kind() == Panel.Kind.FIRST ? 1 : judges.size();
        return judges.stream()
                .limit(asked)
                .mapToDouble(
                        judge -> Estimates.checkUsd(catalog.card(judge.model()), policy, request))
                .sum();
    }

    private static double roadUsd(List<Expected> order, int rounds) {
        double usd = 0;
        double reached = 1;
        for (Expected model : order.subList(0, Math.min(order.size(), Math.max(1, rounds)))) {
            usd += reached * model.usd();
            reached *= model.goesOn();
        }
        return usd;
    }

    private static Plan plan(List<Expected> order, Expected chosen, double propensity, String why) {
        List<String> others =
                order.stream()
                        .filter(model -> !model.equals(chosen))
                        .map(model -> model.card().name())
                        .toList();
        return new Plan(List.of(new Plan.Pick(chosen.card().name(), propensity, why)), others);
    }
}
