package dev.assay.bulk.job;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.topology.JobMark;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Deserializer;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Reads from the result topics how the lines of a job end, as they are committed, from where the
/// topics ended before the job was submitted. A record of another job is left undecoded.
public final class JobEnds {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final String NO_GROUP = "assay-results-reader";

    private final JobClients clients;
    private final String job;

    /// Who is told.
    public interface Listener {

        /// True once no further end is wanted; asked a few times a second.
        boolean enough() throws IOException;

        /// May be told an end again that it knows.
        void answered(long line, GradedAnswer answer) throws IOException;

        /// May be told an end again that it knows.
        void failed(long line, FailedPrompt failed) throws IOException;
    }

    public JobEnds(JobClients clients, String job) {
        this.clients = clients;
        this.job = job;
    }

    /// Where the result topics end now: by topic, the offset of each partition.
    public static Map<String, List<Long>> position(JobClients clients) {
        try (Consumer<byte[], byte[]> consumer = clients.consumer(NO_GROUP)) {
            List<TopicPartition> partitions = partitions(clients, consumer);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            return partitions.stream()
                    .collect(
                            Collectors.groupingBy(
                                    TopicPartition::topic,
                                    TreeMap::new,
                                    Collectors.mapping(ends::get, Collectors.toList())));
        }
    }

    /// Tells every end from there on, until it is enough.
    ///
    /// @param from a position of before the job was submitted
    /// @throws InterruptedException if the thread is interrupted
    public void read(Map<String, List<Long>> from, Listener listener)
            throws IOException, InterruptedException {
        try (Consumer<byte[], byte[]> consumer = clients.consumer(NO_GROUP)) {
            try {
                read(consumer, from, listener);
            } catch (InterruptException e) {
                boolean _ = Thread.interrupted(); // closing takes a thread that may wait
                throw new InterruptedException(e.getMessage());
            }
        }
    }

    private void read(
            Consumer<byte[], byte[]> consumer, Map<String, List<Long>> from, Listener listener)
            throws IOException, InterruptedException {
        Deserializer<GradedAnswer> answers = clients.serdes().gradedAnswer().deserializer();
        Deserializer<FailedPrompt> failures = clients.serdes().failedPrompt().deserializer();
        List<TopicPartition> partitions = partitions(clients, consumer);
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, offset(from, partition)));
        while (!listener.enough()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (JobMark.job(record.headers()).filter(job::equals).isEmpty()) {
                    continue;
                }
                if (record.topic().equals(clients.topics().failed())) {
                    FailedPrompt failed = failures.deserialize(record.topic(), record.value());
                    listener.failed(line(failed.getId()), failed);
                } else {
                    GradedAnswer answer = answers.deserialize(record.topic(), record.value());
                    listener.answered(line(answer.getId()), answer);
                }
            }
        }
    }

    /// Lines have the ids `JOB/1`, `JOB/2`, ...
    private static long line(String id) {
        return Long.parseLong(id.substring(id.lastIndexOf('/') + 1));
    }

    /// The beginning of a partition that was not there then.
    private static long offset(Map<String, List<Long>> from, TopicPartition partition) {
        List<Long> offsets = from.getOrDefault(partition.topic(), List.of());
        return partition.partition() < offsets.size() ? offsets.get(partition.partition()) : 0;
    }

    private static List<TopicPartition> partitions(
            JobClients clients, Consumer<byte[], byte[]> consumer) {
        return clients.topics().results().stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .sorted(
                        Comparator.comparing(TopicPartition::topic)
                                .thenComparingInt(TopicPartition::partition))
                .toList();
    }
}
