package dev.assay.codec;

import dev.assay.avro.AnswerOutcome;
import dev.assay.avro.CostRecord;
import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.PromptEvent;
import dev.assay.model.Answer;
import dev.assay.model.Completion;
import dev.assay.model.Failure;
import dev.assay.model.Grade;
import dev.assay.model.Labels;
import dev.assay.model.Origin;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.RecordCoordinates;
import dev.assay.model.Result;
import dev.assay.model.Spend;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The records of the output topics.
public final class ResultCodec {

    /// W3C Trace Context: version, trace id, parent id, flags. Source: w3.org/TR/trace-context,
    /// section 3.2. Of texts that come from outside, where they could make a result too large.
    private static final int MOST_CHARS = 1_024;

    private static final String TRACEPARENT = "traceparent";

    private static final int TRACEPARENT_PARTS = 4;

    private ResultCodec() {}

    public static GradedAnswer toRecord(Result.Answered result, Headers headers, Instant now) {
        PromptState state = result.state();
        Prompt prompt = state.prompt();
        Answer answer = result.returned().answer();
        Completion completion = answer.completion();
        Labels labels = prompt.labels();
        Origin origin = prompt.origin();
        return GradedAnswer.newBuilder()
                .setId(prompt.id())
                .setGeneration(prompt.generation())
                .setOutcome(AnswerOutcome.valueOf(result.outcome().name()))
                .setChecked(checked(result))
                .setAnswer(completion.text().isEmpty() ? null : completion.text())
                .setMessage(completion.messageJson())
                .setFinishReason(completion.finishReasonText())
                .setModel(answer.model())
                .setModelVersion(completion.modelVersion().orElse(null))
                .setProviderRequestId(completion.requestId().orElse(null))
                .setGrade(Records.number(result.grade().value()))
                .setVerdicts(result.returned().verdicts().stream().map(Records::verdict).toList())
                .setRounds(state.round())
                .setAttempts(state.attempts().stream().map(Records::attempt).toList())
                .setCostUsd(cost(state.spend()))
                .setInputTokens(state.spend().usage().inputTokens())
                .setOutputTokens(state.spend().usage().outputTokens())
                .setLatencyMs(sinceCreated(prompt, now))
                .setRoute(state.route())
                .setStrategy(state.strategy())
                .setMetadata(labels.metadata())
                .setTask(labels.task().orElse(null))
                .setTenant(labels.tenant().orElse(null))
                .setCustomId(origin.customId().orElse(null))
                .setJobId(origin.jobId().orElse(null))
                .setJobLine(number(origin.jobLine()))
                .setResponse(completion.responseJson().isEmpty() ? null : completion.responseJson())
                .setTraceId(traceId(headers).orElse(null))
                .setCreatedAt(origin.createdAt())
                .setFinishedAt(now)
                .build();
    }

    /// Whether anything looked at the answer; rules that it passed have a verdict each.
    private static boolean checked(Result.Answered result) {
        return switch (result.grade()) {
            case Grade.Unchecked _ -> false;
            case Grade.RulesPassed _ -> !result.returned().verdicts().isEmpty();
            case Grade.Scored _, Grade.Agreement _, Grade.Ungraded _ -> true;
        };
    }

    /// A prompt that was admitted and got no answer.
    ///
    /// @param original the event as bytes, for whoever wants to send it again
    public static FailedPrompt toRecord(
            Result.Failed result, byte[] original, Headers headers, Instant now) {
        PromptState state = result.state();
        Prompt prompt = state.prompt();
        Labels labels = prompt.labels();
        Origin origin = prompt.origin();
        return failed(
                        prompt.id(),
                        result.failure(),
                        ByteBuffer.wrap(original),
                        origin.coordinates(),
                        headers,
                        now)
                .setGeneration(prompt.generation())
                .setAttempts(state.attempts().stream().map(Records::attempt).toList())
                .setCostUsd(cost(state.spend()))
                .setInputTokens(state.spend().usage().inputTokens())
                .setOutputTokens(state.spend().usage().outputTokens())
                .setRounds(state.round())
                .setLatencyMs(sinceCreated(prompt, now))
                .setRoute(state.route())
                .setStrategy(state.strategy())
                .setMetadata(labels.metadata())
                .setTask(labels.task().orElse(null))
                .setTenant(labels.tenant().orElse(null))
                .setCustomId(origin.customId().orElse(null))
                .setJobId(origin.jobId().orElse(null))
                .setJobLine(number(origin.jobLine()))
                .setCreatedAt(origin.createdAt())
                .build();
    }

    /// A record that never became a prompt.
    public static FailedPrompt rejected(Result.Rejected rejected, Headers headers, Instant now) {
        Labels labels = rejected.labels();
        Origin origin = rejected.origin();
        return failed(
                        rejected.id(),
                        rejected.failure(),
                        rejected.original(),
                        origin.coordinates(),
                        headers,
                        now)
                .setGeneration(rejected.generation())
                .setMetadata(labels.metadata())
                .setTask(labels.task().orElse(null))
                .setTenant(labels.tenant().orElse(null))
                .setCustomId(origin.customId().orElse(null))
                .setJobId(origin.jobId().orElse(null))
                .setJobLine(number(origin.jobLine()))
                .setCreatedAt(origin.createdAt())
                .build();
    }

    /// A line of a job that was never sent on its way.
    public static FailedPrompt unsent(
            PromptEvent event,
            Failure failure,
            String topic,
            int partition,
            long offset,
            byte[] original,
            Instant now) {
        return least(event.getId(), failure, new RecordCoordinates(topic, partition, offset), now)
                .setOriginal(ByteBuffer.wrap(original))
                .setOriginalBytes(original.length)
                .setMetadata(event.getMetadata())
                .setTask(event.getTask())
                .setTenant(event.getTenant())
                .setCustomId(event.getCustomId())
                .setJobId(event.getJobId())
                .setJobLine(event.getJobLine())
                .setCreatedAt(event.getCreatedAt() == null ? now : event.getCreatedAt())
                .build();
    }

    /// A prompt or record whose result cannot be written as it is: the least that says so.
    public static FailedPrompt broken(
            String id, Failure failure, RecordCoordinates coordinates, Instant now) {
        return least(id, failure, coordinates, now).build();
    }

    /// Without the provider's full response.
    public static GradedAnswer withoutResponse(GradedAnswer answer) {
        return GradedAnswer.newBuilder(answer).setResponse(null).build();
    }

    /// With at most that many bytes of the original.
    public static FailedPrompt cutOriginal(FailedPrompt failed, int maxBytes) {
        ByteBuffer original = failed.getOriginal();
        if (original == null || original.remaining() <= maxBytes) {
            return failed;
        }
        return FailedPrompt.newBuilder(failed)
                .setOriginal(original.slice(original.position(), maxBytes))
                .build();
    }

    /// What says which prompt failed and why, and nothing that could be large.
    public static FailedPrompt bare(FailedPrompt failed) {
        return FailedPrompt.newBuilder(failed)
                .setMessage(
                        failed.getMessage()
                                .substring(0, Math.min(failed.getMessage().length(), MOST_CHARS)))
                .setOriginal(null)
                .setMetadata(Map.of())
                .setAttempts(List.of())
                .setTask(shortOrNull(failed.getTask()))
                .setTenant(shortOrNull(failed.getTenant()))
                .setCustomId(shortOrNull(failed.getCustomId()))
                .setJobId(shortOrNull(failed.getJobId()))
                .build();
    }

    private static @Nullable String shortOrNull(@Nullable String text) {
        return text == null || text.length() > MOST_CHARS ? null : text;
    }

    private static FailedPrompt.Builder failed(
            String id,
            Failure failure,
            ByteBuffer original,
            RecordCoordinates coordinates,
            Headers headers,
            Instant now) {
        return least(id, failure, coordinates, now)
                .setOriginal(original)
                .setOriginalBytes(original.remaining())
                .setTraceId(traceId(headers).orElse(null));
    }

    private static FailedPrompt.Builder least(
            String id, Failure failure, RecordCoordinates coordinates, Instant now) {
        return FailedPrompt.newBuilder()
                .setId(id)
                .setGeneration(1)
                .setCode(failure.code().code())
                .setMessage(failure.message())
                .setTopic(coordinates.topic())
                .setPartition(coordinates.partition())
                .setOffset(coordinates.offset())
                .setAttempts(List.of())
                .setCostUsd(cost(Spend.NOTHING))
                .setMetadata(Map.of())
                .setFinishedAt(now);
    }

    private static CostRecord cost(Spend spend) {
        return CostRecord.newBuilder()
                .setAnswer(spend.answerUsd())
                .setCheck(spend.checkUsd())
                .setTotal(spend.totalUsd())
                .setUncertain(spend.uncertainUsd())
                .build();
    }

    /// Events come with any time at all; one from before the stone age wraps around to no latency.
    private static long sinceCreated(Prompt prompt, Instant now) {
        return Math.max(0, now.toEpochMilli() - prompt.origin().createdAt().toEpochMilli());
    }

    private static Optional<String> traceId(Headers headers) {
        Header header = headers.lastHeader(TRACEPARENT);
        if (header == null || header.value() == null) {
            return Optional.empty();
        }
        String[] parts = new String(header.value(), StandardCharsets.US_ASCII).split("-", -1);
        return parts.length >= TRACEPARENT_PARTS ? Optional.of(parts[1]) : Optional.empty();
    }

    private static @Nullable Long number(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
