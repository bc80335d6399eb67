package dev.assay.backtest;

import dev.assay.config.TopologyFile;
import dev.assay.model.EnsemblePick;
import dev.assay.model.ModelCard;
import dev.assay.model.Price;
import dev.assay.model.Route;
import dev.assay.model.Strategy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Who plays on a set of routes: the models that answer, and the judges.
///
/// @param models in the order in which the routes name them
/// @param judges in the order in which the routes name them
record Cast(List<String> models, List<String> judges) {

    Cast {
        models = List.copyOf(models);
        judges = List.copyOf(judges);
    }

    static Cast of(Collection<Route> routes) {
        Set<String> models = new LinkedHashSet<>();
        Set<String> judges = new LinkedHashSet<>();
        for (Route route : routes) {
            models.addAll(route.strategy().models());
            judges.addAll(route.check().judges());
            route.check().agreement().ifPresent(agreement -> models.add(agreement.model()));
        }
        return new Cast(List.copyOf(models), List.copyOf(judges));
    }

    /// What a reader must keep for them. Texts are kept where anything on these routes looks at
    /// them.
    Records.Wanted wanted(Collection<Route> routes) {
        boolean texts = routes.stream().anyMatch(Cast::looksAtTexts);
        return new Records.Wanted(Set.copyOf(models), Set.copyOf(judges), texts);
    }

    /// Refuses records in which somebody who plays does not occur at all, or whose answers have no
    /// text where rules read it.
    ///
    /// @throws UnusableRecords saying who and what there is instead
    void require(Records records, Collection<Route> routes) {
        for (Route route : routes) {
            if (route.strategy() instanceof Strategy.Ensemble ensemble
                    && ensemble.pick() instanceof EnsemblePick.Fuse) {
                throw new UnusableRecords(
                        "route %s makes one answer of several (pick: fuse), and no record holds that; use pick: vote or best"
                                .formatted(route.name()));
            }
            if (route.strategy() instanceof Strategy.Ensemble ensemble
                    && ensemble.pick() instanceof EnsemblePick.Pairwise) {
                throw new UnusableRecords(
                        "route %s compares answers in pairs (pick: pairwise), and no record holds that; use pick: vote or best"
                                .formatted(route.name()));
            }
        }
        for (String model : models) {
            if (!records.models().contains(model)) {
                throw new UnusableRecords(
                        "%s has no answers of model %s, which the topology file calls; it has those of %s. Name the models as the records do"
                                .formatted(records.name(), model, records.models()));
            }
        }
        for (String judge : judges) {
            requireJudge(records, judge);
        }
        boolean compares =
                routes.stream().anyMatch(route -> looksAtTexts(route) && !onlyJudges(route));
        boolean texts =
                records.prompts().stream()
                        .flatMap(prompt -> prompt.answers().values().stream())
                        .anyMatch(answer -> answer.text().isPresent());
        if (compares && !texts) {
            throw new UnusableRecords(
                    records.name()
                            + " has no texts of answers, which rules, agreement or votes of the topology file look at; leave those out");
        }
    }

    private static boolean looksAtTexts(Route route) {
        return !route.check().judges().isEmpty() || !onlyJudges(route);
    }

    /// Judges' grades are on record, and texts only tell what their verdicts cost.
    private static boolean onlyJudges(Route route) {
        return route.check().rules().isEmpty()
                && route.check().agreement().isEmpty()
                && !(route.strategy() instanceof Strategy.Ensemble);
    }

    /// Refuses records without any grade by this judge.
    ///
    /// @throws UnusableRecords saying which judges there are
    static void requireJudge(Records records, String judge) {
        if (!records.judges().contains(judge)) {
            throw new UnusableRecords(
                    "%s has no grades by judge %s; it has %s. Name a judge that has, or do without"
                            .formatted(
                                    records.name(),
                                    judge,
                                    records.judges().isEmpty()
                                            ? "none at all"
                                            : "those of " + records.judges()));
        }
    }

    /// What a user should know about the costs of those who play.
    List<String> notes(TopologyFile file, Records records) {
        List<String> notes = new ArrayList<>();
        List<String> free =
                models.stream()
                        .map(file.catalog()::card)
                        .filter(card -> card.price().equals(Price.FREE))
                        .map(ModelCard::name)
                        .filter(model -> !hasCosts(records, model))
                        .toList();
        if (!free.isEmpty()) {
            notes.add(
                    "models %s have neither a price in the topology file nor costs on record, so they count as free"
                            .formatted(free));
        }
        List<String> estimated =
                judges.stream().filter(judge -> !hasTokens(records, judge)).toList();
        if (!estimated.isEmpty()) {
            notes.add(
                    "the records have no tokens of judges %s: each verdict is taken to read its messages at 4 characters a token and to write %d tokens"
                            .formatted(estimated, Playing.VERDICT_OUTPUT_TOKENS));
        }
        return notes;
    }

    private static boolean hasCosts(Records records, String model) {
        return records.prompts().stream()
                .map(prompt -> prompt.answers().get(model))
                .anyMatch(answer -> answer != null && answer.costUsd().isPresent());
    }

    private static boolean hasTokens(Records records, String judge) {
        return records.prompts().stream()
                .map(prompt -> prompt.grades().get(judge))
                .anyMatch(grades -> grades != null && grades.inputTokens().isPresent());
    }
}
