package dev.assay.bulk;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.codec.RegistrySerdes;
import dev.assay.topology.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.OptionalLong;

/// Turns records of the result topics into the rows of one run. For one thread.
public final class ResultReader {

    private final Topics topics;
    private final String runId;
    private final Deserializer<GradedAnswer> answers;
    private final Deserializer<FailedPrompt> failures;

    public ResultReader(RegistrySerdes serdes, Topics topics, String runId) {
        this.topics = topics;
        this.runId = runId;
        this.answers = serdes.gradedAnswer().deserializer();
        this.failures = serdes.failedPrompt().deserializer();
    }

    /// The row of a record; empty where it is none of this run's.
    public Optional<ResultRow> row(ConsumerRecord<byte[], byte[]> record) {
        return record.topic().equals(topics.failed())
                ? failed(record.headers(), failures.deserialize(record.topic(), record.value()))
                : answered(record.headers(), answers.deserialize(record.topic(), record.value()));
    }

    private Optional<ResultRow> answered(Headers headers, GradedAnswer answer) {
        OptionalLong line = line(headers, answer.getJobId(), answer.getJobLine());
        return line.isPresent()
                ? Optional.of(ResultRows.of(answer, line.getAsLong()))
                : Optional.empty();
    }

    private Optional<ResultRow> failed(Headers headers, FailedPrompt failed) {
        OptionalLong line = line(headers, failed.getJobId(), failed.getJobLine());
        if (line.isEmpty()) {
            return Optional.empty();
        }
        // A run's ids are the user's own where the line had one, a job's never are.
        boolean ownId =
                failed.getJobId() == null
                        && !failed.getId().equals(PromptLines.idOf(line.getAsLong()));
        return Optional.of(
                ResultRows.of(
                        failed.getCustomId() == null && ownId
                                ? FailedPrompt.newBuilder(failed)
                                        .setCustomId(failed.getId())
                                        .build()
                                : failed,
                        line.getAsLong()));
    }

    private OptionalLong line(Headers headers, @Nullable String jobId, @Nullable Long jobLine) {
        return runId.equals(jobId) && jobLine != null
                ? OptionalLong.of(jobLine)
                : RunMarks.line(headers, runId);
    }
}
