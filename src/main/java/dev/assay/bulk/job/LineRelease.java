package dev.assay.bulk.job;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.JobEvent;
import dev.assay.avro.JobReleased;
import dev.assay.avro.PromptEvent;
import dev.assay.bulk.PromptTopics;
import dev.assay.codec.ResultCodec;
import dev.assay.decide.job.Credit;
import dev.assay.decide.job.Job;
import dev.assay.decide.job.Stop;
import dev.assay.model.Failure;
import dev.assay.topology.JobMark;
import dev.assay.topology.Jobs;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Releases the lines of one job, from where it was left, until none is left or another instance
/// has the job.
///
/// Lines go to the topic of bulk prompts by credit. The prompts, how far the job is, and the cursor
/// are one transaction; whoever takes over fences the one before. The cursor is a group's offset,
/// since that is what a transaction can carry.
final class LineRelease {

    private static final Logger LOG = LoggerFactory.getLogger(LineRelease.class);

    private static final int MOST_AT_ONCE = 1_000;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration WAIT = Duration.ofMillis(20);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final String id;
    private final Instance instance;
    private final JobClients clients;
    private final BooleanSupplier givesWay;
    private final String group;
    private final String transactionalId;
    private final Serializer<JobEvent> events;
    private final Serializer<FailedPrompt> failures;
    private final Deserializer<PromptEvent> lines;

    /// Lines that were read and are not released yet.
    private final Deque<ConsumerRecord<byte[], byte[]>> read = new ArrayDeque<>();

    /// Of this thread: events of jobs come back later.
    private long done;

    /// What the releases of one instance share.
    ///
    /// @param application its name, which tells its cursors from those of others
    /// @param partitions of the topics of prompts
    /// @param waitingPerTask prompts that may wait in one task before its input pauses
    record Instance(
            String application,
            int partitions,
            int waitingPerTask,
            JobClients clients,
            PromptTopics prompts,
            Jobs jobs) {

        /// Lines of each job that may be on their way at once.
        private long credit() {
            return Credit.ofEach(partitions, waitingPerTask, jobs.releasing());
        }
    }

    /// @param givesWay whether to stop between two transactions, for others to have a turn
    LineRelease(Instance instance, String id, BooleanSupplier givesWay) {
        this.id = id;
        this.instance = instance;
        this.clients = instance.clients();
        this.givesWay = givesWay;
        this.group = instance.application() + "-job-" + id;
        this.transactionalId = instance.application() + "-job-" + id;
        this.events = clients.serdes().jobEvent().serializer();
        this.failures = clients.serdes().failedPrompt().serializer();
        this.lines = clients.serdes().promptEvent().deserializer();
    }

    void run() {
        Optional<Job> owned = instance.jobs().owned(id);
        if (owned.isEmpty()) {
            return;
        }
        TopicPartition partition =
                new TopicPartition(
                        clients.topics().jobsLines(), owned.get().spec().linesPartition());
        Producer<String, byte[]> producer = clients.transactional(transactionalId);
        try (Consumer<byte[], byte[]> consumer = clients.consumer(group)) {
            producer.initTransactions(); // from here on nobody else moves the cursor
            consumer.assign(List.of(partition));
            Cursor cursor = cursor(consumer, partition, owned.get());
            consumer.seek(partition, cursor.offset());
            done = cursor.lines();
            LOG.info("job {}: releasing from line {}", id, done + 1);
            release(consumer, producer, partition);
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            LOG.info("job {} is released by another instance now", id);
        } catch (InterruptException | InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            producer.close(CLOSE_TIMEOUT);
        }
    }

    /// Where a job's lines go on.
    ///
    /// @param lines that lie before it
    private record Cursor(long offset, long lines) {}

    /// The group's offset, or what the job itself says where that was forgotten; whichever is
    /// further.
    private static Cursor cursor(Consumer<?, ?> consumer, TopicPartition partition, Job job) {
        Cursor told = new Cursor(job.cursor(), job.released() + job.withheld());
        OffsetAndMetadata committed = consumer.committed(Set.of(partition)).get(partition);
        if (committed == null || committed.offset() < told.offset()) {
            return told;
        }
        return new Cursor(committed.offset(), Long.parseLong(committed.metadata()));
    }

    private void release(
            Consumer<byte[], byte[]> consumer,
            Producer<String, byte[]> producer,
            TopicPartition partition)
            throws InterruptedException {
        while (!Thread.currentThread().isInterrupted() && !givesWay.getAsBoolean()) {
            Optional<Job> job = instance.jobs().owned(id);
            if (job.isEmpty() || job.get().state().ended()) {
                return;
            }
            if (job.get().unreleased() == 0) {
                return;
            }
            long left = job.get().lines().orElse(0) - done;
            long most = Math.min(left, Math.min(MOST_AT_ONCE, allowance(job.get())));
            if (most <= 0) {
                Thread.sleep(WAIT);
                continue;
            }
            read(consumer, most);
            if (!read.isEmpty()) {
                transact(producer, consumer.groupMetadata(), partition, job.get().stop(), most);
            }
        }
    }

    /// What the job allows, less what it does not know yet to be released.
    private long allowance(Job job) {
        if (job.stop().isPresent()) {
            return Long.MAX_VALUE;
        }
        long unknown = done - job.released() - job.withheld();
        return job.allowance(instance.credit()) - unknown;
    }

    private void read(Consumer<byte[], byte[]> consumer, long most) {
        if (read.size() >= most) {
            return;
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            if (JobMark.job(record.headers()).filter(id::equals).isPresent()) {
                read.add(record);
            }
        }
    }

    private void transact(
            Producer<String, byte[]> producer,
            ConsumerGroupMetadata groupMetadata,
            TopicPartition partition,
            Optional<Stop> stop,
            long most) {
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
        while (batch.size() < most && !read.isEmpty()) {
            batch.add(read.poll());
        }
        long sent = 0;
        long cursor = batch.getLast().offset() + 1;
        producer.beginTransaction();
        for (ConsumerRecord<byte[], byte[]> line : batch) {
            Optional<Failure> failure =
                    LineMarks.failure(line.headers())
                            .or(() -> stop.map(why -> new Failure(why.code(), why.reason())));
            if (failure.isPresent()) {
                fail(producer, line, failure.get());
            } else {
                send(producer, line);
                sent++;
            }
        }
        JobEvent event =
                JobEvent.newBuilder()
                        .setJob(id)
                        .setAt(Instant.now())
                        .setReleased(new JobReleased(sent, batch.size() - sent, cursor))
                        .build();
        String progress = clients.topics().jobsProgress();
        JobClients.send(
                producer, new ProducerRecord<>(progress, id, events.serialize(progress, event)));
        producer.sendOffsetsToTransaction(
                Map.of(
                        partition,
                        new OffsetAndMetadata(cursor, Long.toString(done + batch.size()))),
                groupMetadata);
        producer.commitTransaction();
        done += batch.size();
    }

    private String topic(ConsumerRecord<byte[], byte[]> line) {
        // By the topic of bulk loads all priorities are bulk.
        String shared =
                LineMarks.isInteractive(line.headers())
                        ? clients.topics().prompts()
                        : clients.topics().bulk();
        return LineMarks.tenant(line.headers())
                .flatMap(instance.prompts()::ofTenant)
                .orElse(shared);
    }

    private void send(Producer<String, byte[]> producer, ConsumerRecord<byte[], byte[]> line) {
        JobClients.send(
                producer,
                new ProducerRecord<>(
                        topic(line),
                        null,
                        Instant.now().toEpochMilli(),
                        key(line),
                        line.value(),
                        line.headers()));
    }

    private void fail(
            Producer<String, byte[]> producer,
            ConsumerRecord<byte[], byte[]> line,
            Failure failure) {
        String topic = clients.topics().failed();
        PromptEvent event = lines.deserialize(line.topic(), line.value());
        FailedPrompt failed =
                ResultCodec.unsent(
                        event,
                        failure,
                        line.topic(),
                        line.partition(),
                        line.offset(),
                        line.value(),
                        Instant.now());
        LineMarks.setTopic(line.headers(), topic(line));
        JobClients.send(
                producer,
                new ProducerRecord<>(
                        topic,
                        null,
                        null,
                        key(line),
                        failures.serialize(topic, failed),
                        line.headers()));
    }

    private static String key(ConsumerRecord<byte[], byte[]> line) {
        return new String(line.key(), StandardCharsets.UTF_8);
    }
}
