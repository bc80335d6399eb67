package dev.assay.bulk.job;

import dev.assay.avro.JobEvent;
import dev.assay.avro.JobRejected;
import dev.assay.avro.JobSealed;
import dev.assay.avro.JobSubmitted;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.bulk.InputException;
import dev.assay.bulk.InputLine;
import dev.assay.bulk.InputLines;
import dev.assay.bulk.RunException;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.topology.JobMark;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/// Brings the lines of an input to the topic of lines, each once.
///
/// Lines, what is told of the job, and how far it is are one transaction of a producer that bears
/// the job's name: a submitter that is killed and started again goes on behind the last line that
/// was committed, and what an earlier one still has open is undone.
public final class JobSubmitter {

    /// A commit waits for the broker twice, and what is submitted again after a kill is less than
    /// this.
    private static final Logger LOG = LoggerFactory.getLogger(JobSubmitter.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Of a record beside its value: key, headers, what Kafka adds.
    private static final int OVERHEAD_BYTES = 4 * 1024;

    private static final int LINES_AT_ONCE = 40_000;

    /// A transaction must end before the broker gives it up, however long lines are.
    private static final int BYTES_AT_ONCE = 32 * 1024 * 1024;

    private final JobClients clients;
    private final InstantSource clock;
    private final Serializer<PromptEvent> prompts;
    private final Serializer<JobEvent> events;

    /// What is asked for.
    ///
    /// @param id stable: submitting the same again goes on with it
    /// @param input what people call the input
    /// @param tenant whose it is; lines that name none are of it
    /// @param route for lines that name none
    public record Request(
            String id,
            String name,
            String input,
            Optional<String> tenant,
            Optional<String> route,
            Priority priority,
            Optional<Instant> deadline,
            OptionalDouble maxCostUsd) {}

    public JobSubmitter(JobClients clients, InstantSource clock) {
        this.clients = clients;
        this.clock = clock;
        this.prompts = clients.serdes().promptEvent().serializer();
        this.events = clients.serdes().jobEvent().serializer();
    }

    /// Submits all lines.
    ///
    /// @param submitted is told how many are in, now and then
    /// @return how many lines the job has
    /// @throws InputException if the input cannot be read to its end; the job then has failed
    /// @throws RunException if Kafka does not take it
    public long submit(Request request, InputLines input, LongConsumer submitted)
            throws InputException {
        String lines = clients.topics().jobsLines();
        String name = "assay-submit-" + request.id();
        try (Consumer<byte[], byte[]> consumer = clients.consumer(name);
                Producer<String, byte[]> producer = clients.transactional(name)) {
            int partitions = producer.partitionsFor(lines).size();
            byte[] key = request.id().getBytes(StandardCharsets.UTF_8);
            TopicPartition partition =
                    new TopicPartition(lines, Utils.toPositive(Utils.murmur2(key)) % partitions);
            producer.initTransactions();
            OffsetAndMetadata before = consumer.committed(Set.of(partition)).get(partition);
            long already = before == null ? 0 : before.offset();
            Batch batch =
                    new Batch(
                            request,
                            producer,
                            partition,
                            consumer.groupMetadata(),
                            already,
                            mostBytes(lines));
            if (before == null) {
                batch.begin(consumer.endOffsets(Set.of(partition)).getOrDefault(partition, 0L));
            }
            return submit(batch, input, already, submitted);
        } catch (KafkaException e) {
            throw new RunException("Kafka does not take the job: " + e.getMessage(), e);
        }
    }

    /// Of a line's value, so that the topic takes its record.
    private int mostBytes(String topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = clients.admin()) {
            Config settings =
                    Objects.requireNonNull(
                                    admin.describeConfigs(List.of(resource)).values().get(resource))
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            String most = settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value();
            return Math.min(Integer.parseInt(most), JobClients.RECORD_BYTES) - OVERHEAD_BYTES;
        } catch (ExecutionException | TimeoutException e) {
            // Whoever may write to a topic need not be allowed to look at its settings.
            LOG.debug("the largest record of {} is not known", topic, e);
            return JobClients.RECORD_BYTES - OVERHEAD_BYTES;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunException("it was interrupted", e);
        }
    }

    private long submit(Batch batch, InputLines input, long already, LongConsumer submitted)
            throws InputException {
        long count = 0;
        try {
            for (Optional<InputLine> line = input.next(); line.isPresent(); line = input.next()) {
                count++;
                if (count > already) {
                    batch.add(line.get());
                    if (batch.isFull()) {
                        batch.commit();
                        submitted.accept(count);
                    }
                }
            }
        } catch (InputException e) {
            batch.reject(String.valueOf(e.getMessage()));
            throw e;
        }
        batch.seal(count);
        submitted.accept(count);
        return count;
    }

    /// The lines of one transaction.
    private final class Batch {
        private final Request request;
        private final Producer<String, byte[]> producer;
        private final TopicPartition partition;
        private final ConsumerGroupMetadata group;
        private final int mostBytes;
        private long committed;
        private int size;
        private long bytes;
        private boolean open;

        Batch(
                Request request,
                Producer<String, byte[]> producer,
                TopicPartition partition,
                ConsumerGroupMetadata group,
                long committed,
                int mostBytes) {
            this.request = request;
            this.producer = producer;
            this.partition = partition;
            this.group = group;
            this.committed = committed;
            this.mostBytes = mostBytes;
        }

        boolean isFull() {
            return size >= LINES_AT_ONCE || bytes >= BYTES_AT_ONCE;
        }

        void begin(long offset) {
            JobSubmitted.Builder submitted =
                    JobSubmitted.newBuilder()
                            .setName(request.name())
                            .setInput(request.input())
                            .setTenant(request.tenant().orElse(null))
                            .setDeadline(request.deadline().orElse(null))
                            .setLinesPartition(partition.partition())
                            .setLinesOffset(offset);
            request.maxCostUsd().ifPresent(submitted::setMaxCostUsd);
            tell(event().setSubmitted(submitted.build()));
            commit();
        }

        void add(InputLine line) {
            open();
            ProducerRecord<String, byte[]> record = record(line);
            if (record.value().length > mostBytes && line instanceof InputLine.Valid valid) {
                record = record(tooLarge(valid, record.value().length));
            }
            size++;
            bytes += record.value().length;
            JobClients.send(producer, record);
        }

        void commit() {
            open();
            committed += size;
            producer.sendOffsetsToTransaction(
                    Map.of(partition, new OffsetAndMetadata(committed)), group);
            producer.commitTransaction();
            size = 0;
            bytes = 0;
            open = false;
        }

        void seal(long lines) {
            tell(event().setSealed(new JobSealed(lines)));
            commit();
        }

        void reject(String reason) {
            tell(event().setRejected(new JobRejected(reason)));
            commit();
        }

        private void open() {
            if (!open) {
                producer.beginTransaction();
                open = true;
            }
        }

        private JobEvent.Builder event() {
            return JobEvent.newBuilder().setJob(request.id()).setAt(clock.instant());
        }

        private void tell(JobEvent.Builder event) {
            open();
            String topic = clients.topics().jobsProgress();
            JobClients.send(
                    producer,
                    new ProducerRecord<>(
                            topic, request.id(), events.serialize(topic, event.build())));
        }

        private ProducerRecord<String, byte[]> record(InputLine line) {
            String id = request.id() + "/" + line.number();
            PromptEvent event =
                    switch (line) {
                        case InputLine.Valid valid -> prompt(id, valid);
                        case InputLine.Invalid invalid ->
                                PromptEvent.newBuilder()
                                        .setId(id)
                                        .setCustomId(invalid.customId().orElse(null))
                                        .setJobId(request.id())
                                        .setJobLine(line.number())
                                        .setCreatedAt(clock.instant())
                                        .build();
                    };
            ProducerRecord<String, byte[]> record =
                    new ProducerRecord<>(
                            partition.topic(),
                            partition.partition(),
                            id,
                            prompts.serialize(partition.topic(), event));
            JobMark.set(record.headers(), request.id());
            if (event.getTenant() != null) {
                LineMarks.setTenant(record.headers(), event.getTenant());
            }
            if (event.getPriority() == Priority.INTERACTIVE) {
                LineMarks.setInteractive(record.headers());
            }
            if (line instanceof InputLine.Invalid invalid) {
                LineMarks.setFailure(record.headers(), invalid.failure());
            }
            return record;
        }

        /// A line that Kafka would refuse is that line's failure, not the job's.
        private InputLine.Invalid tooLarge(InputLine.Valid line, int bytes) {
            return new InputLine.Invalid(
                    line.number(),
                    line.id(),
                    Optional.ofNullable(line.event().getCustomId()),
                    new Failure(
                            FailureCode.TOO_LARGE,
                            "line %d: as a record it has %,d bytes; %s takes %,d"
                                    .formatted(
                                            line.number(), bytes, partition.topic(), mostBytes)));
        }

        /// Completes the line's own event: a copy would take as long as reading it did.
        private PromptEvent prompt(String id, InputLine.Valid line) {
            PromptEvent event = line.event();
            event.put("id", id);
            event.put("job_id", request.id());
            event.put("job_line", line.number());
            event.put("priority", request.priority());
            event.put("created_at", clock.instant());
            if (event.getTenant() == null) {
                request.tenant().ifPresent(tenant -> event.put("tenant", tenant));
            }
            if (event.getRoute() == null) {
                request.route().ifPresent(route -> event.put("route", route));
            }
            if (event.getDeadline() == null) {
                request.deadline().ifPresent(deadline -> event.put("deadline", deadline));
            }
            return event;
        }
    }
}
