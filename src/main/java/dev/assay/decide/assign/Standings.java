package dev.assay.decide.assign;

import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.Tally;
import dev.assay.model.PromptState;
import dev.assay.model.Route;

import java.util.ArrayList;
import java.util.List;

/// Which of several models their scorecards show to be better, as far as is known now.
public final class Standings {

    private final Routes routes;

    public Standings(Routes routes) {
        this.routes = routes;
    }

    /// The best last: the order in which they come, which goes from weak to strong, but for those
    /// that scorecards show to be clearly better than who follows.
    public List<String> ranked(
            PromptState state, Route route, List<String> models, Knowledge knowledge) {
        Scope scope = routes.scope(route.name(), state.prompt());
        List<String> ranked = new ArrayList<>();
        for (String model : models) {
            Tally tally = tally(route, scope, model, knowledge);
            int place = ranked.size();
            while (place > 0
                    && isBetter(tally(route, scope, ranked.get(place - 1), knowledge), tally)) {
                place--;
            }
            ranked.add(place, model);
        }
        return ranked;
    }

    /// True where more of its decided answers passed, by more than chance explains: twice the
    /// standard error of the difference of two shares.
    private static boolean isBetter(Tally one, Tally other) {
        boolean known =
                Math.min(one.decidedWeight(), other.decidedWeight()) >= CheapestRoad.FAIR_TRIES;
        double ahead = one.passShare().orElse(0) - other.passShare().orElse(0);
        return known && ahead > 2 * Math.sqrt(variance(one) + variance(other));
    }

    private static double variance(Tally tally) {
        double share = tally.passShare().orElse(0);
        return share * (1 - share) / tally.decidedWeight();
    }

    private static Tally tally(Route route, Scope scope, String model, Knowledge knowledge) {
        return knowledge.tally(scope, model, route.check().rubricKey()).orElse(Tally.NOTHING);
    }
}
