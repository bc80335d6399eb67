package dev.assay.codec;

import dev.assay.avro.ObservationRecord;
import dev.assay.avro.ScorecardRecord;
import dev.assay.avro.TallyRecord;
import dev.assay.avro.TallySums;
import dev.assay.avro.TryRecord;
import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Scope;
import dev.assay.decide.learn.ScoreKey;
import dev.assay.decide.learn.Scorecard;
import dev.assay.decide.learn.Tally;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.OptionalDouble;

/// Observations and scorecards, as they stand on topics and in the store of the learn processor.
public final class LearnCodec {

    private LearnCodec() {}

    public static ObservationRecord toRecord(Observation observation) {
        return ObservationRecord.newBuilder()
                .setId(observation.id())
                .setRoute(observation.scope().route())
                .setApart(observation.scope().tenant().orElse(null))
                .setTask(observation.task().orElse(null))
                .setTenant(observation.tenant().orElse(null))
                .setText(observation.text())
                .setRound(observation.round())
                .setTries(observation.tries().stream().map(LearnCodec::toRecord).toList())
                .build();
    }

    public static Observation fromRecord(ObservationRecord record) {
        return new Observation(
                record.getId(),
                new Scope(record.getRoute(), Optional.ofNullable(record.getApart())),
                Optional.ofNullable(record.getTask()),
                Optional.ofNullable(record.getTenant()),
                record.getText(),
                record.getRound(),
                record.getTries().stream().map(LearnCodec::fromRecord).toList());
    }

    public static ScorecardRecord toRecord(Scorecard card) {
        ScoreKey key = card.key();
        return ScorecardRecord.newBuilder()
                .setRoute(key.scope().route())
                .setTenant(key.scope().tenant().orElse(null))
                .setModel(key.model())
                .setJudge(key.judge())
                .setRubric(key.rubric())
                .setFirst(toRecord(card.first()))
                .setLater(toRecord(card.later()))
                .build();
    }

    public static Scorecard fromRecord(ScorecardRecord record) {
        ScoreKey key =
                new ScoreKey(
                        new Scope(record.getRoute(), Optional.ofNullable(record.getTenant())),
                        record.getModel(),
                        record.getJudge(),
                        record.getRubric());
        return new Scorecard(key, fromRecord(record.getFirst()), fromRecord(record.getLater()));
    }

    private static TryRecord toRecord(Observation.Try one) {
        return TryRecord.newBuilder()
                .setModel(one.model())
                .setPropensity(one.propensity())
                .setAnswered(one.answered())
                .setGrade(boxed(one.grade()))
                .setPassed(one.passed().orElse(null))
                .setJudge(one.judge())
                .setRubric(one.rubric())
                .setUnparseable(one.unparseable())
                .setUnavailable(one.unavailable())
                .setAnswerUsd(one.answerUsd())
                .setCheckUsd(boxed(one.checkUsd()))
                .setLatencyMs(one.latencyMs())
                .build();
    }

    private static Observation.Try fromRecord(TryRecord record) {
        return new Observation.Try(
                record.getModel(),
                record.getPropensity(),
                record.getAnswered(),
                unboxed(record.getGrade()),
                Optional.ofNullable(record.getPassed()),
                record.getJudge(),
                record.getRubric(),
                record.getUnparseable(),
                record.getUnavailable(),
                record.getAnswerUsd(),
                unboxed(record.getCheckUsd()),
                record.getLatencyMs());
    }

    private static TallyRecord toRecord(Tally tally) {
        return TallyRecord.newBuilder()
                .setTries(tally.tries())
                .setAnswered(tally.answered())
                .setGrades(tally.effectiveGrades())
                .setMeanGrade(boxed(tally.meanGrade()))
                .setGradeCi95(boxed(tally.gradeCi95()))
                .setPassShare(boxed(tally.passShare()))
                .setFailureShare(boxed(tally.failureShare()))
                .setUnparseableShare(boxed(tally.unparseableShare()))
                .setAnswerUsd(boxed(tally.meanAnswerUsd()))
                .setCheckUsd(boxed(tally.meanCheckUsd()))
                .setLatencyMs(boxed(tally.meanLatencyMs()))
                .setSums(
                        TallySums.newBuilder()
                                .setFailed(tally.failed())
                                .setUnparseable(tally.unparseable())
                                .setUnavailable(tally.unavailable())
                                .setWeight(tally.weight())
                                .setWeightSquares(tally.weightSquares())
                                .setGradeSum(tally.gradeSum())
                                .setGradeSquares(tally.gradeSquares())
                                .setDecidedWeight(tally.decidedWeight())
                                .setPassedWeight(tally.passedWeight())
                                .setAnswerUsd(tally.answerUsd())
                                .setCheckedTries(tally.checkedTries())
                                .setCheckUsd(tally.checkUsd())
                                .setLatencyMs(tally.latencyMs())
                                .build())
                .build();
    }

    private static Tally fromRecord(TallyRecord record) {
        TallySums sums = record.getSums();
        return new Tally(
                record.getTries(),
                record.getAnswered(),
                sums.getFailed(),
                sums.getUnparseable(),
                sums.getUnavailable(),
                sums.getWeight(),
                sums.getWeightSquares(),
                sums.getGradeSum(),
                sums.getGradeSquares(),
                sums.getDecidedWeight(),
                sums.getPassedWeight(),
                sums.getAnswerUsd(),
                sums.getCheckedTries(),
                sums.getCheckUsd(),
                sums.getLatencyMs());
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static OptionalDouble unboxed(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
