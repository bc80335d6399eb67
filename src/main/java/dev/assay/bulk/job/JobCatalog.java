package dev.assay.bulk.job;

import dev.assay.avro.JobEvent;
import dev.assay.avro.JobRecord;
import dev.assay.avro.JobStop;
import dev.assay.bulk.RunException;
import dev.assay.codec.JobCodec;
import dev.assay.decide.job.Job;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/// The jobs of a running pipeline, as the topic of jobs has them. For one thread.
public final class JobCatalog implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final String NO_GROUP = "assay-jobs-reader";

    private final JobClients clients;
    private final Consumer<byte[], byte[]> consumer;
    private final Deserializer<JobRecord> records;
    private final List<TopicPartition> partitions;
    private final Map<String, Job> jobs = new HashMap<>();

    public JobCatalog(JobClients clients) {
        this.clients = clients;
        this.consumer = clients.consumer(NO_GROUP);
        this.records = clients.serdes().job().deserializer();
        this.partitions =
                consumer.partitionsFor(clients.topics().jobs()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /// All jobs, as they are published by now.
    public Map<String, Job> read() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.value() == null) {
                    jobs.remove(new String(record.key(), StandardCharsets.UTF_8));
                } else {
                    JobRecord job = records.deserialize(record.topic(), record.value());
                    jobs.put(job.getId(), JobCodec.fromRecord(job));
                }
            }
        }
        return Map.copyOf(jobs);
    }

    public Optional<Job> find(String id) {
        return Optional.ofNullable(read().get(id));
    }

    /// Asks that nothing more of a job is begun; it comes to pass within seconds.
    public void cancel(String id) {
        String topic = clients.topics().jobsProgress();
        JobEvent event =
                JobEvent.newBuilder()
                        .setJob(id)
                        .setAt(Instant.now())
                        .setStop(new JobStop("cancelled", "the job was cancelled"))
                        .build();
        try (Producer<String, byte[]> producer = clients.producer()) {
            byte[] value = clients.serdes().jobEvent().serializer().serialize(topic, event);
            producer.send(new ProducerRecord<>(topic, id, value)).get();
        } catch (ExecutionException | KafkaException e) {
            throw new RunException("Kafka did not take it: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunException("interrupted", e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
