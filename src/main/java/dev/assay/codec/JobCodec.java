package dev.assay.codec;

import dev.assay.avro.JobEvent;
import dev.assay.avro.JobRecord;
import dev.assay.avro.JobReleased;
import dev.assay.avro.JobStop;
import dev.assay.avro.JobSubmitted;
import dev.assay.avro.LineEnded;
import dev.assay.decide.job.Job;
import dev.assay.decide.job.JobSpec;
import dev.assay.decide.job.LineEnd;
import dev.assay.decide.job.Stop;
import dev.assay.model.FailureCode;
import dev.assay.model.PromptState;
import dev.assay.model.Result;
import dev.assay.model.Spend;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Jobs and what happens to them, as they stand on topics and in the store of the jobs processor.
public final class JobCodec {

    private JobCodec() {}

    /// A job after an event.
    ///
    /// @param job as it was before; empty where nothing is known of it
    /// @return empty where the event is of no job that is known
    public static Optional<Job> apply(Optional<Job> job, JobEvent event) {
        Instant at = event.getAt();
        JobSubmitted submitted = event.getSubmitted();
        if (submitted != null) {
            return job.or(() -> Optional.of(Job.submitted(spec(event.getJob(), at, submitted))));
        }
        return job.map(known -> apply(known, event, at));
    }

    private static Job apply(Job job, JobEvent event, Instant at) {
        Job next = job;
        if (event.getSealed() != null) {
            next = next.sealed(event.getSealed().getLines(), at);
        }
        if (event.getRejected() != null) {
            next = next.rejected(event.getRejected().getReason(), at);
        }
        JobReleased released = event.getReleased();
        if (released != null) {
            next =
                    next.released(
                            released.getSent(), released.getUnsent(), released.getCursor(), at);
        }
        if (event.getEnded() != null) {
            next = next.ended(lineEnd(event.getEnded()), at);
        }
        JobStop stop = event.getStop();
        if (stop != null) {
            next = next.stopped(new Stop(code(stop.getCode()), stop.getReason()), at);
        }
        return next;
    }

    /// That a line of a job has its result.
    public static JobEvent ended(String job, Result result, Instant now) {
        LineEnded.Builder line = LineEnded.newBuilder();
        switch (result) {
            case Result.Answered answered -> {
                fill(line, answered.state());
                line.setOutcome(answered.outcome().name().toLowerCase(Locale.ROOT));
                line.setGrade(Records.number(answered.grade().value()));
            }
            case Result.Failed failed -> {
                fill(line, failed.state());
                line.setOutcome("failed");
            }
            case Result.Rejected rejected ->
                    line.setGeneration(rejected.generation()).setOutcome("failed");
        }
        return JobEvent.newBuilder().setJob(job).setAt(now).setEnded(line.build()).build();
    }

    private static void fill(LineEnded.Builder line, PromptState state) {
        Spend spend = state.spend();
        line.setGeneration(state.prompt().generation())
                .setInputTokens(spend.usage().inputTokens())
                .setOutputTokens(spend.usage().outputTokens())
                .setAnswerUsd(spend.answerUsd())
                .setCheckUsd(spend.checkUsd());
    }

    public static JobRecord toRecord(Job job) {
        JobSpec spec = job.spec();
        return JobRecord.newBuilder()
                .setId(spec.id())
                .setName(spec.name())
                .setInput(spec.input())
                .setTenant(spec.tenant().orElse(null))
                .setState(job.state().name().toLowerCase(Locale.ROOT))
                .setLines(job.lines().isPresent() ? job.lines().getAsLong() : null)
                .setGraded(job.graded())
                .setFlagged(job.flagged())
                .setFailed(job.failed())
                .setInFlight(job.inFlight())
                .setReleased(job.released())
                .setWithheld(job.withheld())
                .setInputTokens(job.inputTokens())
                .setOutputTokens(job.outputTokens())
                .setAnswerUsd(job.answerUsd())
                .setCheckUsd(job.checkUsd())
                .setDearestUsd(job.dearestUsd())
                .setGrades(job.grades())
                .setStopCode(job.stop().map(stop -> stop.code().code()).orElse(null))
                .setStopReason(job.stop().map(Stop::reason).orElse(null))
                .setCreatedAt(spec.createdAt())
                .setEndedAt(job.endedAt().orElse(null))
                .setDeadline(spec.deadline().orElse(null))
                .setMaxCostUsd(Records.number(spec.maxCostUsd()))
                .setLinesPartition(spec.linesPartition())
                .setLinesOffset(spec.linesOffset())
                .setCursor(job.cursor())
                .build();
    }

    public static Job fromRecord(JobRecord record) {
        JobSpec spec =
                new JobSpec(
                        record.getId(),
                        record.getName(),
                        record.getInput(),
                        Optional.ofNullable(record.getTenant()),
                        record.getCreatedAt(),
                        Optional.ofNullable(record.getDeadline()),
                        number(record.getMaxCostUsd()),
                        record.getLinesPartition(),
                        record.getLinesOffset());
        Optional<Stop> stop =
                Optional.ofNullable(record.getStopCode())
                        .map(
                                code ->
                                        new Stop(
                                                code(code),
                                                Optional.ofNullable(record.getStopReason())
                                                        .orElse("")));
        Long lines = record.getLines();
        return new Job(
                spec,
                Job.State.valueOf(record.getState().toUpperCase(Locale.ROOT)),
                lines == null ? OptionalLong.empty() : OptionalLong.of(lines),
                record.getReleased(),
                record.getWithheld(),
                record.getCursor(),
                record.getGraded(),
                record.getFlagged(),
                record.getFailed(),
                record.getInputTokens(),
                record.getOutputTokens(),
                record.getAnswerUsd(),
                record.getCheckUsd(),
                record.getDearestUsd(),
                record.getGrades(),
                stop,
                Optional.ofNullable(record.getEndedAt()));
    }

    private static JobSpec spec(String id, Instant at, JobSubmitted submitted) {
        return new JobSpec(
                id,
                submitted.getName(),
                submitted.getInput(),
                Optional.ofNullable(submitted.getTenant()),
                at,
                Optional.ofNullable(submitted.getDeadline()),
                number(submitted.getMaxCostUsd()),
                submitted.getLinesPartition(),
                submitted.getLinesOffset());
    }

    private static LineEnd lineEnd(LineEnded ended) {
        return new LineEnd(
                LineEnd.Outcome.valueOf(ended.getOutcome().toUpperCase(Locale.ROOT)),
                ended.getGeneration(),
                number(ended.getGrade()),
                ended.getInputTokens(),
                ended.getOutputTokens(),
                ended.getAnswerUsd(),
                ended.getCheckUsd());
    }

    private static FailureCode code(String code) {
        return FailureCode.valueOf(code.toUpperCase(Locale.ROOT));
    }

    private static OptionalDouble number(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
