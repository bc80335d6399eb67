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
        double noticed = noticed(state, route, cards, knowledge);
        double noticedLater = noticedLater(state, route, noticed);
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
            double usd = answerUsd + noticed * checkUsd;
            double hard = then.passAs(first, here);
            next.add(
                    state.round() == 0
                            ? leg(card, usd, here, first, noticed)
                            : leg(card, usd, Odds.hoped(hard, laterRounds), then, noticed));
            double usdLater = answerUsd + noticedLater * checkUsd;
            later.add(leg(card, usdLater, hard, then, noticedLater));
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

    /// The share of answers that should not pass which the route's own check notices. Judges see
    /// those that are drawn for them, which is what they cost. Of what rules miss only grades from
    /// outside tell: they are of answers that the rules let through.
    private double noticed(
            PromptState state, Route route, List<ModelCard> cards, Knowledge knowledge) {
        CheckPolicy check = route.check();
        if (check.asksModels()) {
            return Judges.chance(check, state);
        }
        if (check.rules().isEmpty()) {
            return 0;
        }
        Scope scope = routes.scope(route.name(), state.prompt());
        Tally ruled = Tally.NOTHING;
        Tally outside = Tally.NOTHING;
        for (ModelCard card : cards) {
            String rubric = check.rubricKey();
            ruled = ruled.plus(knowledge.ownTally(scope, card.name(), rubric));
            outside = outside.plus(knowledge.outsideTally(scope, card.name()));
        }
        double found = 1 - ruled.passShare().orElse(1);
        double missed = (1 - found) * (1 - outside.passShare().orElse(1));
        return missed > 0 ? found / (found + missed) : 1;
    }

    /// Who is asked after another one has failed is asked on a prompt that judges were drawn for.
    private static double noticedLater(PromptState state, Route route, double noticed) {
        return state.round() == 0 && route.check().asksModels() ? 1 : noticed;
    }

    private static Leg leg(ModelCard card, double usd, double pass, Odds odds, double noticed) {
        return new Leg(card.name(), usd, pass, odds.passedGrade(), odds.failedGrade(), noticed);
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
