package dev.assay.codec;

import dev.assay.avro.BallotRecord;
import dev.assay.avro.CallPurpose;
import dev.assay.avro.CallRecord;
import dev.assay.avro.CallTask;
import dev.assay.avro.OpinionRecord;
import dev.assay.avro.PickRecord;
import dev.assay.avro.PlanRecord;
import dev.assay.avro.PreferenceRecord;
import dev.assay.avro.Preferred;
import dev.assay.avro.PromptStateRecord;
import dev.assay.model.Ballot;
import dev.assay.model.Call;
import dev.assay.model.Candidate;
import dev.assay.model.ChatRequest;
import dev.assay.model.Constraints;
import dev.assay.model.Labels;
import dev.assay.model.Opinion;
import dev.assay.model.Origin;
import dev.assay.model.Plan;
import dev.assay.model.Preference;
import dev.assay.model.Priority;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.RecordCoordinates;
import dev.assay.model.Spend;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A prompt under way, as it stands on the loop topic and in the stages' stores.
public final class StateCodec {

    private StateCodec() {}

    public static PromptStateRecord toRecord(PromptState state) {
        Prompt prompt = state.prompt();
        Labels labels = prompt.labels();
        Origin origin = prompt.origin();
        RecordCoordinates coordinates = origin.coordinates();
        OptionalInt maxOutputTokens = prompt.request().maxOutputTokens();
        OptionalDouble maxCostUsd = prompt.constraints().maxCostUsd();
        OptionalLong jobLine = origin.jobLine();
        return PromptStateRecord.newBuilder()
                .setId(prompt.id())
                .setGeneration(prompt.generation())
                .setRequest(prompt.request().json())
                .setRequestChars(prompt.request().chars())
                .setRequestImages(prompt.request().images())
                .setRequestMaxOutputTokens(
                        maxOutputTokens.isPresent() ? maxOutputTokens.getAsInt() : null)
                .setTask(labels.task().orElse(null))
                .setTenant(labels.tenant().orElse(null))
                .setAskedRoute(labels.route().orElse(null))
                .setPriority(dev.assay.avro.Priority.valueOf(labels.priority().name()))
                .setMetadata(labels.metadata())
                .setDeadline(prompt.constraints().deadline().orElse(null))
                .setMaxCostUsd(maxCostUsd.isPresent() ? maxCostUsd.getAsDouble() : null)
                .setRequiredTags(prompt.constraints().requiredTags())
                .setReference(prompt.reference().orElse(null))
                .setCustomId(origin.customId().orElse(null))
                .setJobId(origin.jobId().orElse(null))
                .setJobLine(jobLine.isPresent() ? jobLine.getAsLong() : null)
                .setTopic(coordinates.topic())
                .setPartition(coordinates.partition())
                .setOffset(coordinates.offset())
                .setCreatedAt(origin.createdAt())
                .setAdmittedAt(origin.admittedAt())
                .setRoute(state.route())
                .setStrategy(state.strategy())
                .setRound(state.round())
                .setPlan(state.plan().map(StateCodec::toRecord).orElse(null))
                .setCalls(state.calls().stream().map(StateCodec::toRecord).toList())
                .setCandidates(state.candidates().stream().map(Records::candidate).toList())
                .setWaitUntil(state.waitUntil().orElse(null))
                .setBallots(
                        state.ballots().stream()
                                .map(ballot -> new BallotRecord(ballot.attempt(), ballot.elected()))
                                .toList())
                .setOpinions(
                        state.opinions().stream()
                                .map(opinion -> new OpinionRecord(opinion.model(), opinion.text()))
                                .toList())
                .setPreferences(state.preferences().stream().map(StateCodec::toRecord).toList())
                .setAttempts(state.attempts().stream().map(Records::attempt).toList())
                .setBest(state.best().map(Records::candidate).orElse(null))
                .setAnswerUsd(state.spend().answerUsd())
                .setCheckUsd(state.spend().checkUsd())
                .setUncertainUsd(state.spend().uncertainUsd())
                .setUsage(Records.usage(state.spend().usage()))
                .build();
    }

    public static PromptState fromRecord(PromptStateRecord record) {
        return new PromptState(
                prompt(record),
                record.getRoute(),
                record.getStrategy(),
                record.getRound(),
                Optional.ofNullable(record.getPlan()).map(StateCodec::fromRecord),
                record.getCalls().stream().map(StateCodec::fromRecord).toList(),
                record.getCandidates().stream().map(Records::candidate).toList(),
                Optional.ofNullable(record.getWaitUntil()),
                record.getBallots().stream()
                        .map(ballot -> new Ballot(ballot.getAttempt(), ballot.getElected()))
                        .toList(),
                record.getOpinions().stream()
                        .map(opinion -> new Opinion(opinion.getModel(), opinion.getText()))
                        .toList(),
                record.getPreferences().stream().map(StateCodec::fromRecord).toList(),
                record.getAttempts().stream().map(Records::attempt).toList(),
                Optional.ofNullable(record.getBest()).map(Records::candidate),
                new Spend(
                        record.getAnswerUsd(),
                        record.getCheckUsd(),
                        record.getUncertainUsd(),
                        Records.usage(record.getUsage())));
    }

    /// Without the providers' full responses: the first thing to go where a record would be too
    /// large.
    public static PromptState withoutResponses(PromptState state) {
        return state.withCandidates(
                        state.candidates().stream().map(StateCodec::withoutResponse).toList())
                .withBest(state.best().map(StateCodec::withoutResponse));
    }

    static Candidate withoutResponse(Candidate candidate) {
        return new Candidate(
                Records.withoutResponse(candidate.answer()),
                candidate.verdicts(),
                candidate.sampled());
    }

    private static Prompt prompt(PromptStateRecord record) {
        Integer maxOutputTokens = record.getRequestMaxOutputTokens();
        Double maxCostUsd = record.getMaxCostUsd();
        Long jobLine = record.getJobLine();
        return new Prompt(
                record.getId(),
                record.getGeneration(),
                new ChatRequest(
                        record.getRequest(),
                        record.getRequestChars(),
                        maxOutputTokens == null
                                ? OptionalInt.empty()
                                : OptionalInt.of(maxOutputTokens),
                        record.getRequestImages()),
                new Labels(
                        Optional.ofNullable(record.getTask()),
                        Optional.ofNullable(record.getTenant()),
                        Optional.ofNullable(record.getAskedRoute()),
                        Priority.valueOf(record.getPriority().name()),
                        record.getMetadata()),
                new Constraints(
                        Optional.ofNullable(record.getDeadline()),
                        maxCostUsd == null ? OptionalDouble.empty() : OptionalDouble.of(maxCostUsd),
                        record.getRequiredTags()),
                Optional.ofNullable(record.getReference()),
                new Origin(
                        new RecordCoordinates(
                                record.getTopic(), record.getPartition(), record.getOffset()),
                        Optional.ofNullable(record.getCustomId()),
                        Optional.ofNullable(record.getJobId()),
                        jobLine == null ? OptionalLong.empty() : OptionalLong.of(jobLine),
                        record.getCreatedAt(),
                        record.getAdmittedAt()));
    }

    private static PlanRecord toRecord(Plan plan) {
        return new PlanRecord(
                plan.picks().stream()
                        .map(pick -> new PickRecord(pick.model(), pick.propensity(), pick.why()))
                        .toList(),
                plan.fallbacks());
    }

    private static Plan fromRecord(PlanRecord record) {
        return new Plan(
                record.getPicks().stream()
                        .map(
                                pick ->
                                        new Plan.Pick(
                                                pick.getModel(),
                                                pick.getPropensity(),
                                                pick.getWhy()))
                        .toList(),
                record.getFallbacks());
    }

    private static PreferenceRecord toRecord(Preference preference) {
        return new PreferenceRecord(
                preference.first(),
                preference.second(),
                preference.judge(),
                Preferred.valueOf(preference.choice().name()));
    }

    private static Preference fromRecord(PreferenceRecord record) {
        return new Preference(
                record.getFirst(),
                record.getSecond(),
                record.getJudge(),
                Preference.Choice.valueOf(record.getChoice().name()));
    }

    private static CallTask task(Purpose purpose) {
        return switch (purpose) {
            case ANSWER, CHECK -> CallTask.PLAIN;
            case FUSE -> CallTask.FUSE;
            case OPINION -> CallTask.OPINION;
            case COMPARE -> CallTask.COMPARE;
        };
    }

    private static Purpose purpose(CallRecord record) {
        return switch (record.getTask()) {
            case PLAIN -> Purpose.valueOf(record.getPurpose().name());
            case FUSE -> Purpose.FUSE;
            case OPINION -> Purpose.OPINION;
            case COMPARE -> Purpose.COMPARE;
        };
    }

    private static CallRecord toRecord(Call call) {
        return CallRecord.newBuilder()
                .setSlot(call.slot())
                .setPurpose(CallPurpose.valueOf(call.purpose().account().name()))
                .setTask(task(call.purpose()))
                .setModel(call.model())
                .setTries(call.tries())
                .setTurnedAway(call.turnedAway())
                .setAsks(call.asks())
                .setOpenedAt(call.openedAt())
                .setNotBefore(call.notBefore())
                .setPropensity(call.propensity())
                .setWhy(call.why())
                .build();
    }

    private static Call fromRecord(CallRecord record) {
        return new Call(
                record.getSlot(),
                purpose(record),
                record.getModel(),
                record.getTries(),
                record.getTurnedAway(),
                record.getAsks(),
                record.getOpenedAt(),
                record.getNotBefore(),
                record.getPropensity(),
                record.getWhy());
    }
}
