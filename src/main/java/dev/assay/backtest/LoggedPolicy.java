package dev.assay.backtest;

import dev.assay.codec.ChatRequests;
import dev.assay.config.TopologyFile;
import dev.assay.decide.assign.Assigner;
import dev.assay.decide.assign.Assignment;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.learn.Knowledge;
import dev.assay.decide.learn.LearnSettings;
import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Predictor;
import dev.assay.decide.learn.PromptFeatures;
import dev.assay.decide.learn.RouteLearner;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.ScoreKey;
import dev.assay.decide.learn.Scorecards;
import dev.assay.model.Labels;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Route;
import dev.assay.model.Strategy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Whom a topology file would ask first, by the decisions of the live road and by what recorded
/// prompts have taught.
final class LoggedPolicy {

    private static final String JUDGE = "recorded";

    private final Routes routes;
    private final Assigner assigner;
    private final boolean learns;
    private final boolean predicts;
    private final long seed;

    /// @throws UnusableRecords if a route asks several models at once
    LoggedPolicy(TopologyFile file, long seed) {
        for (Route route : file.routes()) {
            if (route.strategy() instanceof Strategy.Ensemble) {
                throw new UnusableRecords(
                        "%s: route %s asks several models at once; what that brings cannot be estimated from answers of one, so give it another strategy"
                                .formatted(file.source(), route.name()));
            }
        }
        this.routes = file.routing();
        this.assigner = new Assigner(file.catalog(), routes, ChatRequests::lastQuestion);
        this.learns = CrossFit.learns(file.routes());
        this.predicts =
                file.routes().stream()
                        .anyMatch(route -> route.strategy() instanceof Strategy.Learned);
        this.seed = seed;
    }

    boolean learns() {
        return learns;
    }

    /// What these prompts teach; nothing where no route learns.
    Knowledge taught(List<LoggedPrompt> training) {
        if (!learns) {
            return Knowledge.NONE;
        }
        Scorecards cards = new Scorecards();
        Map<Scope, RouteLearner> learners = new HashMap<>();
        for (LoggedPrompt logged : training) {
            Prompt prompt = logged.prompt();
            Optional<Route> route = routes.find(prompt);
            if (route.isEmpty()) {
                continue;
            }
            Scope scope = routes.scope(route.get().name(), prompt);
            LearnSettings settings = routes.learning(route.get().name());
            Labels labels = prompt.labels();
            String text = ChatRequests.lastQuestion(prompt.request());
            cards.add(
                    new Observation(
                            prompt.id(),
                            scope,
                            labels.task(),
                            labels.tenant(),
                            text,
                            1,
                            List.of(tried(route.get(), logged))));
            if (predicts) {
                logged.grade()
                        .ifPresent(
                                grade ->
                                        learners.computeIfAbsent(
                                                        scope, _ -> new RouteLearner(settings))
                                                .observe(
                                                        PromptFeatures.of(
                                                                text,
                                                                labels.task(),
                                                                labels.tenant(),
                                                                settings),
                                                        logged.model(),
                                                        grade,
                                                        1));
            }
        }
        Map<Scope, Predictor> predictors = new HashMap<>();
        learners.forEach((scope, learner) -> predictors.put(scope, learner.predictor()));
        return Knowledge.of(cards.all(), predictors);
    }

    private static Observation.Try tried(Route route, LoggedPrompt logged) {
        OptionalDouble grade = logged.grade();
        return new Observation.Try(
                logged.model(),
                logged.propensity(),
                logged.answered(),
                grade,
                grade.isPresent()
                        ? Optional.of(grade.getAsDouble() >= route.check().pass())
                        : Optional.empty(),
                JUDGE,
                ScoreKey.FROM_OUTSIDE,
                0,
                0,
                logged.answerUsd(),
                OptionalDouble.empty(),
                0);
    }

    /// The model asked first; empty where the topology file refuses the prompt.
    ///
    /// The pipeline and this policy would draw alike for the same id, so that both explored the
    /// same prompts; another id makes them independent.
    Optional<String> first(Prompt prompt, Knowledge knowledge) {
        Prompt other =
                new Prompt(
                        "backtest " + seed + ' ' + prompt.id(),
                        prompt.generation(),
                        prompt.request(),
                        prompt.labels(),
                        prompt.constraints(),
                        prompt.reference(),
                        prompt.origin());
        return switch (assigner.assign(PromptState.admitted(other), knowledge)) {
            case Assignment.Refused _ -> Optional.empty();
            case Assignment.Assigned assigned ->
                    Optional.of(assigned.plan().picks().getFirst().model());
        };
    }

    String described() {
        List<String> parts = new ArrayList<>();
        for (Route route : routes.routes()) {
            parts.add(
                    "%s: %s of %s"
                            .formatted(
                                    route.name(),
                                    route.strategy().label(),
                                    String.join(", ", route.strategy().models())));
        }
        return String.join("; ", parts);
    }
}
