package dev.assay.topology;

import dev.assay.avro.SeenPrompt;
import dev.assay.codec.StoreCodec;
import dev.assay.model.PromptState;
import dev.assay.model.RecordCoordinates;
import dev.assay.model.Result;
import dev.assay.model.Waypoint;

import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Lets each id through once within the window, whether what bears it is a prompt or was refused.
///
/// Seen ids are forgotten by the wall clock, a slice of the store at a time: by event time, one
/// record from the future would make the store forget them all.
final class DedupProcessor implements Processor<String, Waypoint, String, Waypoint> {

    private static final Logger LOG = LoggerFactory.getLogger(DedupProcessor.class);

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int CLEANING_SLICE = 1_000;

    private final Parts parts;
    private ProcessorContext<String, Waypoint> context;
    private KeyValueStore<String, byte[]> seen;
    private Cancellable schedule;
    private Optional<String> cleanedUpTo = Optional.empty();
    private long duplicates;
    private int admitted;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    DedupProcessor(Parts parts) {
        this.parts = parts;
    }

    @Override
    public void init(ProcessorContext<String, Waypoint> processorContext) {
        context = processorContext;
        seen = processorContext.getStateStore(Stores.SEEN);
        schedule =
                processorContext.schedule(
                        TICK, PunctuationType.WALL_CLOCK_TIME, _ -> everySecond());
    }

    @Override
    public void close() {
        // A task that is revived keeps the schedules it had.
        schedule.cancel();
    }

    @Override
    public void process(Record<String, Waypoint> record) {
        String id = record.key();
        Instant now = parts.clock().instant();
        byte[] entry = seen.get(id);
        RecordCoordinates coordinates = coordinates(record.value());
        if (entry != null && endsCancelled(record, entry, coordinates, now)) {
            return;
        }
        byte[] before = entry == null || admitted(entry) ? entry : null;
        if (before != null && redelivered(before, coordinates)) {
            LOG.debug("{} is delivered again", id);
            // The changelog may lack what the store here holds.
            seen.put(id, before);
            onward(again(record, StoreCodec.decodeSeen(before).getGeneration()));
            return;
        }
        OptionalLong redrives = RedriveMark.offset(record.headers());
        if (redrives.isPresent() && isNew(before, redrives.getAsLong())) {
            sendAgain(record, before, redrives.getAsLong(), now);
            return;
        }
        if (before != null && (redrives.isPresent() || !expired(before, now))) {
            duplicates++;
            parts.metrics().duplicate();
            LOG.debug("{} is a duplicate", id);
            return;
        }
        admitted++;
        seen.put(id, StoreCodec.encode(SeenIds.admitted(now, coordinates)));
        onward(record);
    }

    /// A prompt that was cancelled before it came ends when it comes.
    private boolean endsCancelled(
            Record<String, Waypoint> record,
            byte[] bytes,
            RecordCoordinates coordinates,
            Instant now) {
        SeenPrompt entry = StoreCodec.decodeSeen(bytes);
        boolean first = !SeenIds.wasAdmitted(entry) || redelivered(bytes, coordinates);
        if (!first
                || !(record.value() instanceof PromptState state)
                || !SeenIds.cancelled(entry, state)) {
            return false;
        }
        admitted++;
        seen.put(
                record.key(),
                StoreCodec.encode(
                        SeenIds.withCancelledFor(
                                SeenIds.admitted(now, coordinates), entry.getCancelledFor())));
        context.forward(record.withValue(SeenIds.cancelled(state)), Nodes.FINISH);
        return true;
    }

    private static boolean admitted(byte[] entry) {
        return SeenIds.wasAdmitted(StoreCodec.decodeSeen(entry));
    }

    /// Each failure lets its prompt in once more: those of one id lie in one partition, in order.
    private static boolean isNew(byte @Nullable [] before, long failedOffset) {
        return before == null || StoreCodec.decodeSeen(before).getRedriven() < failedOffset;
    }

    /// @param before null where the id is forgotten already
    private void sendAgain(
            Record<String, Waypoint> record,
            byte @Nullable [] before,
            long failedOffset,
            Instant now) {
        int failed = RedriveMark.generation(record.headers());
        int earlier =
                before == null
                        ? failed
                        : Math.max(failed, StoreCodec.decodeSeen(before).getGeneration());
        RecordCoordinates coordinates = coordinates(record.value());
        seen.put(
                record.key(),
                StoreCodec.encode(
                        new SeenPrompt(
                                now,
                                earlier + 1,
                                coordinates.topic(),
                                coordinates.partition(),
                                coordinates.offset(),
                                failedOffset,
                                null)));
        onward(again(record, earlier + 1));
    }

    private static Record<String, Waypoint> again(Record<String, Waypoint> record, int generation) {
        return switch (record.value()) {
            case PromptState state -> record.withValue(state.withGeneration(generation));
            case Result.Rejected rejected -> record.withValue(rejected.withGeneration(generation));
            case Result.Answered _, Result.Failed _ ->
                    throw new IllegalStateException("admission ends no prompt");
        };
    }

    private void onward(Record<String, Waypoint> record) {
        context.forward(
                record, record.value() instanceof PromptState ? Nodes.ASSIGN : Nodes.FINISH);
    }

    /// Without transactions the id can outlive a crash that its prompt did not. The very record
    /// that brought it is then no duplicate.
    private boolean redelivered(byte[] entry, RecordCoordinates coordinates) {
        if (parts.deliveries().transactional()) {
            return false;
        }
        return coordinates.equals(SeenIds.coordinates(StoreCodec.decodeSeen(entry)));
    }

    private static RecordCoordinates coordinates(Waypoint waypoint) {
        return switch (waypoint) {
            case PromptState state -> state.prompt().origin().coordinates();
            case Result.Rejected rejected -> rejected.coordinates();
            case Result.Answered answered -> answered.state().prompt().origin().coordinates();
            case Result.Failed failed -> failed.state().prompt().origin().coordinates();
        };
    }

    private boolean expired(byte[] entry, Instant now) {
        Instant seenAt = StoreCodec.decodeSeen(entry).getSeenAt();
        return seenAt.plus(parts.engine().dedupWindow()).isBefore(now);
    }

    private void everySecond() {
        if (duplicates > 0) {
            LOG.info("prompts whose id was seen before: {}; nothing was done for them", duplicates);
            duplicates = 0;
        }
        forgetSlice();
    }

    /// Looks at the next entries of the store and starts over at its end. At twice the pace at
    /// which ids come, it gets round however many there are.
    private void forgetSlice() {
        int slice = CLEANING_SLICE + 2 * admitted;
        admitted = 0;
        Instant now = parts.clock().instant();
        List<String> expired = new ArrayList<>();
        Optional<String> last = Optional.empty();
        int looked = 0;
        try (KeyValueIterator<String, byte[]> entries =
                seen.range(cleanedUpTo.orElse(null), null)) {
            while (entries.hasNext() && looked < slice) {
                KeyValue<String, byte[]> entry = entries.next();
                looked++;
                last = Optional.of(entry.key);
                if (expired(entry.value, now)) {
                    expired.add(entry.key);
                }
            }
        }
        cleanedUpTo = looked < slice ? Optional.empty() : last;
        expired.forEach(seen::delete);
    }
}
