package dev.assay.topology;

import dev.assay.avro.JobEvent;
import dev.assay.avro.JobRecord;
import dev.assay.codec.JobCodec;
import dev.assay.codec.RegistryUnavailable;
import dev.assay.codec.StoreCodec;
import dev.assay.decide.job.Job;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Keeps account of bulk jobs, from what happens to them, and publishes it.
final class JobsProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(JobsProcessor.class);

    private static final Duration PUBLISH = Duration.ofSeconds(1);

    private final Parts parts;
    private final Deserializer<JobEvent> events;
    private final Serializer<JobRecord> records;
    private final Map<String, Job> jobs = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<String, byte[]> store;
    private Cancellable schedule;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    JobsProcessor(Parts parts) {
        this.parts = parts;
        this.events = parts.serdes().jobEvent().deserializer();
        this.records = parts.serdes().job().serializer();
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        store = processorContext.getStateStore(Stores.JOBS);
        jobs.clear();
        changed.clear();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            all.forEachRemaining(
                    entry -> {
                        Job job = StoreCodec.decodeJob(entry.value);
                        jobs.put(entry.key, job);
                        parts.jobs().owns(job);
                        if (!parts.jobs().find(entry.key).equals(Optional.of(job))) {
                            // Whoever had the task before may not have come to publish it.
                            changed.add(entry.key);
                        }
                    });
        }
        schedule =
                processorContext.schedule(
                        PUBLISH, PunctuationType.WALL_CLOCK_TIME, _ -> everySecond());
    }

    @Override
    public void close() {
        // A task that is revived keeps the schedules it had.
        schedule.cancel();
        parts.jobs().disowns(jobs.keySet());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        JobEvent event;
        try {
            event = events.deserialize(parts.topics().jobsProgress(), record.value());
        } catch (RuntimeException | StackOverflowError e) {
            RegistryUnavailable.throwIfCauseOf(e);
            LOG.warn("a record on {} is no event of a job", parts.topics().jobsProgress());
            return;
        }
        // The clock goes first: what ends after the deadline ends a job that has expired, and lines
        // of one that is late already are never released.
        Instant now = parts.clock().instant();
        Optional<Job> before = Optional.ofNullable(jobs.get(event.getJob()));
        Optional<Job> after =
                JobCodec.apply(before.map(job -> job.at(now)), event).map(job -> job.at(now));
        if (after.isEmpty()) {
            LOG.warn("job {} is not known, and an event of it is left out", event.getJob());
            return;
        }
        keep(after.get());
        boolean ended = after.get().state() != before.map(Job::state).orElse(null);
        if (ended) {
            publish(after.get());
        }
    }

    private void keep(Job job) {
        String id = job.spec().id();
        jobs.put(id, job);
        store.put(id, StoreCodec.encode(job));
        changed.add(id);
        parts.jobs().owns(job);
    }

    private void everySecond() {
        Instant now = parts.clock().instant();
        for (Job job : new ArrayList<>(jobs.values())) {
            if (job.forgettable(now, parts.engine().keepJobs())) {
                forget(job.spec().id());
                continue;
            }
            Job after = job.at(now).abandoned(now, parts.engine().submitWithin());
            if (!after.equals(job)) {
                keep(after);
            }
        }
        for (String id : new ArrayList<>(changed)) {
            Optional.ofNullable(jobs.get(id)).ifPresent(this::publish);
        }
    }

    private void forget(String id) {
        jobs.remove(id);
        changed.remove(id);
        store.put(id, null);
        parts.jobs().disowns(Set.of(id));
        context.forward(
                new Record<>(id.getBytes(StandardCharsets.UTF_8), null, parts.clock().millis()));
    }

    private void publish(Job job) {
        changed.remove(job.spec().id());
        byte[] value = records.serialize(parts.topics().jobs(), JobCodec.toRecord(job));
        context.forward(
                new Record<>(
                        job.spec().id().getBytes(StandardCharsets.UTF_8),
                        value,
                        parts.clock().millis()));
    }
}
