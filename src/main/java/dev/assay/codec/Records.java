package dev.assay.codec;

import dev.assay.avro.AttemptRecord;
import dev.assay.avro.CandidateRecord;
import dev.assay.avro.Finish;
import dev.assay.avro.UsageRecord;
import dev.assay.avro.VerdictRecord;
import dev.assay.model.Answer;
import dev.assay.model.Attempt;
import dev.assay.model.Candidate;
import dev.assay.model.Completion;
import dev.assay.model.FinishReason;
import dev.assay.model.Usage;
import dev.assay.model.Verdict;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// The records that several schemas share.
final class Records {

    private Records() {}

    static UsageRecord usage(Usage usage) {
        return UsageRecord.newBuilder()
                .setInputTokens(usage.inputTokens())
                .setCachedInputTokens(usage.cachedInputTokens())
                .setOutputTokens(usage.outputTokens())
                .setReasoningTokens(usage.reasoningTokens())
                .setEstimated(usage.estimated())
                .build();
    }

    static Usage usage(UsageRecord record) {
        return new Usage(
                record.getInputTokens(),
                record.getCachedInputTokens(),
                record.getOutputTokens(),
                record.getReasoningTokens(),
                record.getEstimated());
    }

    static VerdictRecord verdict(Verdict verdict) {
        return VerdictRecord.newBuilder()
                .setKind(verdict.kind().label())
                .setBy(verdict.by())
                .setState(verdict.state().label())
                .setScore(number(verdict.score()))
                .setReason(verdict.reason())
                .setSelf(verdict.self())
                .build();
    }

    static Verdict verdict(VerdictRecord record) {
        return new Verdict(
                Verdict.Kind.valueOf(record.getKind().toUpperCase(Locale.ROOT)),
                record.getBy(),
                Verdict.State.valueOf(record.getState().toUpperCase(Locale.ROOT)),
                number(record.getScore()),
                record.getReason(),
                record.getSelf());
    }

    static AttemptRecord attempt(Attempt attempt) {
        return AttemptRecord.newBuilder()
                .setRound(attempt.round())
                .setModel(attempt.model())
                .setStatus(attempt.status())
                .setGrade(number(attempt.grade()))
                .setLatencyMs(attempt.latency().toMillis())
                .setTries(attempt.tries())
                .setInputTokens(attempt.usage().inputTokens())
                .setCachedInputTokens(attempt.usage().cachedInputTokens())
                .setOutputTokens(attempt.usage().outputTokens())
                .setReasoningTokens(attempt.usage().reasoningTokens())
                .setEstimated(attempt.usage().estimated())
                .setCostUsd(attempt.costUsd())
                .setPropensity(attempt.propensity())
                .setWhy(attempt.why())
                .build();
    }

    static Attempt attempt(AttemptRecord record) {
        return new Attempt(
                record.getRound(),
                record.getModel(),
                record.getStatus(),
                number(record.getGrade()),
                Duration.ofMillis(record.getLatencyMs()),
                record.getTries(),
                new Usage(
                        record.getInputTokens(),
                        record.getCachedInputTokens(),
                        record.getOutputTokens(),
                        record.getReasoningTokens(),
                        record.getEstimated()),
                record.getCostUsd(),
                record.getPropensity(),
                record.getWhy());
    }

    static CandidateRecord candidate(Candidate candidate) {
        Answer answer = candidate.answer();
        Completion completion = answer.completion();
        return CandidateRecord.newBuilder()
                .setModel(answer.model())
                .setAttempt(answer.attempt())
                .setText(completion.text())
                .setMessage(completion.messageJson())
                .setFinishReason(Finish.valueOf(completion.finishReason().name()))
                .setFinishReasonText(completion.finishReasonText())
                .setRefusal(completion.refusal().orElse(null))
                .setHasToolCalls(completion.hasToolCalls())
                .setUsage(usage(completion.usage()))
                .setRequestId(completion.requestId().orElse(null))
                .setModelVersion(completion.modelVersion().orElse(null))
                .setResponse(completion.responseJson())
                .setCostUsd(answer.costUsd())
                .setLatencyMs(answer.latency().toMillis())
                .setVerdicts(candidate.verdicts().stream().map(Records::verdict).toList())
                .setSampled(candidate.sampled())
                .build();
    }

    static Candidate candidate(CandidateRecord record) {
        return new Candidate(
                new Answer(
                        record.getModel(),
                        record.getAttempt(),
                        new Completion(
                                record.getText(),
                                record.getMessage(),
                                FinishReason.valueOf(record.getFinishReason().name()),
                                record.getFinishReasonText(),
                                Optional.ofNullable(record.getRefusal()),
                                record.getHasToolCalls(),
                                usage(record.getUsage()),
                                Optional.ofNullable(record.getRequestId()),
                                Optional.ofNullable(record.getModelVersion()),
                                record.getResponse()),
                        record.getCostUsd(),
                        Duration.ofMillis(record.getLatencyMs())),
                record.getVerdicts().stream().map(Records::verdict).toList(),
                record.getSampled());
    }

    /// An empty response stands for one that was left out.
    static Answer withoutResponse(Answer answer) {
        Completion full = answer.completion();
        Completion slim =
                new Completion(
                        full.text(),
                        full.messageJson(),
                        full.finishReason(),
                        full.finishReasonText(),
                        full.refusal(),
                        full.hasToolCalls(),
                        full.usage(),
                        full.requestId(),
                        full.modelVersion(),
                        "");
        return new Answer(
                answer.model(), answer.attempt(), slim, answer.costUsd(), answer.latency());
    }

    static @Nullable Double number(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static OptionalDouble number(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
