package dev.assay.backtest;

import dev.assay.backtest.Playing.Played;
import dev.assay.codec.ChatRequests;
import dev.assay.codec.JsonSchemas;
import dev.assay.codec.JudgeReplies;
import dev.assay.config.TopologyFile;
import dev.assay.decide.assign.Assigner;
import dev.assay.decide.assign.Assignment;
import dev.assay.decide.assign.Routes;
import dev.assay.decide.call.AnswerStage;
import dev.assay.decide.call.StageLogic;
import dev.assay.decide.call.Step;
import dev.assay.decide.check.CheckStage;
import dev.assay.decide.grade.Grader;
import dev.assay.decide.grade.Outcome;
import dev.assay.decide.learn.Knowledge;
import dev.assay.model.Call;
import dev.assay.model.Catalog;
import dev.assay.model.Constraints;
import dev.assay.model.Labels;
import dev.assay.model.Origin;
import dev.assay.model.Priority;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.RecordCoordinates;
import dev.assay.model.Result;
import dev.assay.model.Spend;
import dev.assay.model.Usage;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The road of a prompt without Kafka and without models: assign, answer, check and grade, decided
/// by the same code as live, with every call played from the record at once.
///
/// Time stands still, so that nothing depends on when it runs.
final class Replay {

    private static final Instant NOW = Instant.EPOCH;
    private static final double NO_JITTER = 0;

    private final Catalog catalog;
    private final Routes routes;
    private final Assigner assigner;
    private final StageLogic answering;
    private final StageLogic checking;
    private final Grader grader;

    Replay(TopologyFile file) {
        this.catalog = file.catalog();
        this.routes = file.routing();
        this.assigner = new Assigner(catalog, routes, ChatRequests::lastQuestion);
        this.answering = new AnswerStage(catalog, routes);
        this.checking = new CheckStage(catalog, routes, new JsonSchemas(), new JudgeReplies());
        this.grader = new Grader(routes, assigner);
    }

    /// The result that this prompt would have had.
    ///
    /// @param knowledge of the models when it came
    Result play(RecordedPrompt record, Knowledge knowledge) {
        Playing models = new Playing(catalog, routes, record);
        PromptState state = PromptState.admitted(prompt(record));
        while (true) {
            switch (assigner.assign(state, knowledge)) {
                case Assignment.Refused refused -> {
                    return grader.cutShort(state, refused.failure());
                }
                case Assignment.Assigned assigned ->
                        state = state.assigned(assigned.route(), assigned.plan());
            }
            switch (through(answering, state, knowledge, models)) {
                case Step.Failed failed -> {
                    return grader.cutShort(failed.state(), failed.failure());
                }
                case Step other -> state = other.state();
            }
            switch (through(checking, state, knowledge, models)) {
                case Step.Failed failed -> {
                    return grader.cutShort(failed.state(), failed.failure());
                }
                case Step other -> state = other.state();
            }
            switch (grader.decide(state, knowledge)) {
                case Outcome.Ended ended -> {
                    return ended.result();
                }
                case Outcome.Escalated escalated -> state = escalated.state();
            }
        }
    }

    /// One stage, from its entry to its end.
    private static Step through(
            StageLogic stage, PromptState entering, Knowledge knowledge, Playing models) {
        Step step = stage.enter(entering, knowledge, NOW);
        while (step instanceof Step.Continue(PromptState state)) {
            Call call = state.calls().getFirst();
            Played played = models.play(state, call);
            Step ended = stage.ended(state, call, played.result(), Duration.ZERO, NOW, NO_JITTER);
            step = corrected(ended, call.purpose(), played.extraUsd());
        }
        return step;
    }

    /// With what a call cost on record in place of what its tokens cost at list price.
    private static Step corrected(Step step, Purpose purpose, double extraUsd) {
        if (extraUsd == 0) {
            return step;
        }
        Spend spend = step.state().spend().plus(purpose, extraUsd, Usage.NONE);
        PromptState paid = step.state().withSpend(spend);
        return switch (step) {
            case Step.Continue _ -> new Step.Continue(paid);
            case Step.Done _ -> new Step.Done(paid);
            case Step.Failed failed -> new Step.Failed(paid, failed.failure());
        };
    }

    /// The prompt of a record as if it had just been admitted.
    static Prompt prompt(RecordedPrompt record) {
        return new Prompt(
                record.id(),
                1,
                ChatRequests.ofUser(record.text()),
                new Labels(
                        record.task(), Optional.empty(), Optional.empty(), Priority.BULK, Map.of()),
                Constraints.NONE,
                record.reference(),
                new Origin(
                        new RecordCoordinates("", 0, 0),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty(),
                        NOW,
                        NOW));
    }
}
