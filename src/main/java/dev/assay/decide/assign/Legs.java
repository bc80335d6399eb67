package dev.assay.decide.assign;

import dev.assay.decide.check.Judges;
import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.Prediction;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.Tally;
import dev.assay.model.Attempt;
import dev.assay.model.CheckPolicy;
import dev.assay.model.ModelCard;
import dev.assay.model.PromptState;
import dev.assay.model.Route;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// Works out what is expected of each model that a prompt may be sent to next, or after others. How
/// a model does on prompts that others failed on is known from its escalations alone: a hard prompt
/// is hard for all.
final class Legs {

    private final CheapestRoad costs;
    private final Routes routes;

    Legs(CheapestRoad costs, Routes routes) {
        this.costs = costs;
        this.routes = routes;
    }

    /// What is expected, in the order of the models asked for.
    ///
    /// @param next if it is asked in the coming round; after a first round in hope, as nobody comes
    ///   to know a model that is given up early
    /// @param later if it is asked after one of the others has failed
    record Ahead(List<Leg> next, List<Leg> later) {}

    /// The best grade so far; empty where there is none yet.
    static OptionalDouble held(PromptState state) {
        return state.attempts().stream()
                .map(Attempt::grade)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .max();
    }

    /// What is expected where each prompt is like the next one.
    Ahead ahead(PromptState state, Route route, List<ModelCard> cards, Knowledge knowledge) {
        return ahead(state, route, cards, List.of(), knowledge);
    }

    /// What is expected of this very prompt.
    ///
    /// @param grades predicted, in the order of the models; empty where nothing is
    Ahead ahead(
            PromptState state,
            Route route,
            List<ModelCard> cards,
            List<Prediction> grades,
            Knowledge knowledge) {
        double bar = route.check().pass();
        Tally all = all(state, route, cards, knowledge);
        Odds usual = Odds.unknown(bar).after(all, bar);
        double toList = toList(state, route, cards, knowledge);
        Watch watch = watch(state, route, cards, knowledge);
        Watch watchLater = state.round() == 0 ? watch.afterNotice() : watch;
        List<Leg> next = new ArrayList<>();
        List<Leg> later = new ArrayList<>();
        for (int i = 0; i < cards.size(); i++) {
            ModelCard card = cards.get(i);
            Tally firstRounds = first(state, route, card, knowledge);
            Tally laterRounds = later(state, route, card, knowledge);
            Odds first = usual.after(firstRounds, bar);
            Odds then = first.after(laterRounds, bar);
            double here = grades.isEmpty() ? first.pass() : first.passAt(grades.get(i).mean());
            Tally observed = firstRounds.plus(laterRounds);
            boolean known = observed.answered() > 0;
            double answerUsd =
                    known
                            ? CheapestRoad.answerUsd(state, card, observed)
                            : toList * Estimates.answerUsd(card, state.prompt().request());
            double checkUsd = costs.checkUsd(state, route, card, known ? observed : all);
            double usd = answerUsd + watch.drawn() * checkUsd;
            double hard = then.passAs(first, here);
            next.add(
                    state.round() == 0
                            ? leg(card, usd, here, first, watch.noticed())
                            : leg(card, usd, Odds.hoped(hard, laterRounds), then, watch.noticed()));
            double usdLater = answerUsd + watchLater.drawn() * checkUsd;
            later.add(leg(card, usdLater, hard, then, watchLater.noticed()));
        }
        return new Ahead(next, later);
    }

    /// What answers of this route have cost, as a share of what would have been expected at list
    /// price: how long they are is much the same for all models. 1 where nothing is known.
    private double toList(
            PromptState state, Route route, List<ModelCard> cards, Knowledge knowledge) {
        double paid = 0;
        double listed = 0;
        for (ModelCard card : cards) {
            OptionalDouble mean = first(state, route, card, knowledge).meanAnswerUsd();
            double atList = Estimates.answerUsd(card, state.prompt().request());
            if (mean.isPresent() && atList > 0) {
                paid += mean.getAsDouble() / atList;
                listed++;
            }
        }
        return listed > 0 ? paid / listed : 1;
    }

    /// Who looks at an answer.
    ///
    /// @param drawn the chance that other models do, which costs
    /// @param byRules the share of answers that should not pass which rules notice
    private record Watch(double drawn, double byRules) {

        /// The share of answers that should not pass which are noticed.
        double noticed() {
            return drawn + (1 - drawn) * byRules;
        }

        /// The same for a prompt of which an answer was noticed.
        Watch afterNotice() {
            return noticed() > 0 ? new Watch(drawn / noticed(), byRules) : this;
        }
    }

    /// What rules find is known beside what judges say where there are judges. Where there are
    /// none, only grades from outside tell what rules miss: they are of answers that rules let
    /// through.
    private Watch watch(
            PromptState state, Route route, List<ModelCard> cards, Knowledge knowledge) {
        CheckPolicy check = route.check();
        Scope scope = routes.scope(route.name(), state.prompt());
        String rubric = check.rubricKey();
        Tally own = Tally.NOTHING;
        Tally byRules = Tally.NOTHING;
        Tally outside = Tally.NOTHING;
        for (ModelCard card : cards) {
            own = own.plus(knowledge.ownTally(scope, card.name(), rubric));
            byRules = byRules.plus(knowledge.tallyByRules(scope, card.name(), rubric));
            outside = outside.plus(knowledge.outsideTally(scope, card.name()));
        }
        if (check.asksModels()) {
            double found = byRules.failedWeight();
            return new Watch(
                    Judges.chance(check, state),
                    found > 0 ? Math.min(1, found / own.failedWeight()) : 0);
        }
        if (check.isNone()) {
            return new Watch(0, 0);
        }
        double found = 1 - own.passShare().orElse(1);
        double missed = (1 - found) * (1 - outside.passShare().orElse(1));
        return new Watch(0, missed > 0 ? found / (found + missed) : 1);
    }

    private static Leg leg(ModelCard card, double usd, double pass, Odds odds, double noticed) {
        return new Leg(card.name(), usd, pass, odds.passedGrade(), odds.failedGrade(), noticed);
    }

    /// What an experiment with a model may cost.
    double mostUsd(PromptState state, Route route, ModelCard card, Knowledge knowledge) {
        return costs.mostUsd(state, route, card, first(state, route, card, knowledge));
    }

    private Tally all(PromptState state, Route route, List<ModelCard> cards, Knowledge knowledge) {
        return cards.stream()
                .map(card -> first(state, route, card, knowledge))
                .reduce(Tally.NOTHING, Tally::plus);
    }

    private Tally first(PromptState state, Route route, ModelCard card, Knowledge knowledge) {
        Scope scope = routes.scope(route.name(), state.prompt());
        return knowledge.tally(scope, card.name(), route.check().rubricKey()).orElse(Tally.NOTHING);
    }

    private Tally later(PromptState state, Route route, ModelCard card, Knowledge knowledge) {
        Scope scope = routes.scope(route.name(), state.prompt());
        return knowledge
                .laterTally(scope, card.name(), route.check().rubricKey())
                .orElse(Tally.NOTHING);
    }
}
