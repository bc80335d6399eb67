package dev.assay.decide.call;

import dev.assay.decide.assign.Reckoning;
import dev.assay.decide.assign.Routes;
import dev.assay.model.Call;
import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.EnsemblePick;
import dev.assay.model.Plan;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Strategy.Ensemble;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is particular to an ensemble while its answers come in: how long its members are waited
/// for, and the call that makes one answer of them.
final class Gathering {

    private final Catalog catalog;
    private final Routes routes;
    private final Reckoning reckoning;

    Gathering(Catalog catalog, Routes routes) {
        this.catalog = catalog;
        this.routes = routes;
        this.reckoning = new Reckoning(routes);
    }

    /// An answer came while others are open. The first one begins the wait, from the moment when it
    /// was asked for: time in a queue is no time waited.
    ///
    /// @param took how long the call took that answered now
    PromptState answered(PromptState state, Duration took, Instant now) {
        if (state.calls().isEmpty() || state.waitUntil().isPresent()) {
            return state;
        }
        return state.withWaitUntil(
                ensemble(state).flatMap(Ensemble::maxWait).map(now.minus(took)::plus));
    }

    /// All that will come has come.
    ///
    /// @return the state with the call to the fusing model, where there is one and it can be made
    PromptState complete(PromptState state, Instant now) {
        PromptState calm = state.withWaitUntil(Optional.empty());
        return ensemble(calm)
                .filter(several -> several.pick() instanceof EnsemblePick.Fuse)
                .flatMap(several -> fusion(calm, several, now))
                .map(calm::plusCall)
                .orElse(calm);
    }

    /// USD that an open call to the fusing model is reckoned at.
    double fusionUsd(PromptState state, String model) {
        return catalog.find(model).map(card -> reckoning.fusionUsd(state, card)).orElse(0.0);
    }

    /// The call, where there is more than one answer to fuse, as many as the quorum came, and the
    /// model may see the prompt and can be paid.
    private Optional<Call> fusion(PromptState state, Ensemble several, Instant now) {
        String model = ((EnsemblePick.Fuse) several.pick()).model();
        long texts = state.candidates().stream().filter(Gathering::saysSomething).count();
        boolean possible =
                texts > 1
                        && texts >= several.quorum()
                        && catalog.has(model)
                        && routes.permits(state.prompt(), catalog.card(model))
                        && routes.affords(state, fusionUsd(state, model));
        if (!possible) {
            return Optional.empty();
        }
        int slot = state.plan().map(Plan::picks).map(List::size).orElse(0);
        Plan.Pick pick = new Plan.Pick(model, 1, "makes one of " + texts + " answers");
        return Optional.of(Call.first(slot, Purpose.FUSE, pick, now));
    }

    private Optional<Ensemble> ensemble(PromptState state) {
        return routes.of(state)
                .map(route -> route.strategy())
                .filter(Ensemble.class::isInstance)
                .map(Ensemble.class::cast)
                .filter(several -> several.label().equals(state.strategy()));
    }

    private static boolean saysSomething(Candidate candidate) {
        return !candidate.answer().completion().text().isBlank();
    }
}
