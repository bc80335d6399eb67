package dev.assay.codec;

import dev.assay.avro.HeaderRecord;
import dev.assay.avro.JobRecord;
import dev.assay.avro.LearnEvent;
import dev.assay.avro.LedgerBook;
import dev.assay.avro.LedgerPlaces;
import dev.assay.avro.PendingPrompt;
import dev.assay.avro.ScorecardRecord;
import dev.assay.avro.SeenPrompt;
import dev.assay.decide.budget.Book;
import dev.assay.decide.job.Job;
import dev.assay.decide.learn.Scorecard;
import dev.assay.decide.place.PlaceBook;
import dev.assay.model.PromptState;

import org.apache.avro.AvroRuntimeException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.MissingSchemaException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Values of state stores: Avro's single-object encoding, which names its schema by fingerprint, so
/// that stores need no registry. Source: Avro specification, "Single-object encoding".
public final class StoreCodec {

    private static final String FORGET = "delete the changelog of store learn, and learn anew";

    private static final BinaryMessageDecoder<PendingPrompt> PENDING =
            PendingPrompt.createDecoder(StoreSchemas.of("PendingPrompt"));

    private static final BinaryMessageDecoder<SeenPrompt> SEEN =
            SeenPrompt.createDecoder(StoreSchemas.of("SeenPrompt"));

    private static final BinaryMessageDecoder<LearnEvent> LEARN_EVENTS =
            LearnEvent.createDecoder(StoreSchemas.of("LearnEvent"));

    private static final BinaryMessageDecoder<ScorecardRecord> SCORECARDS =
            ScorecardRecord.createDecoder(StoreSchemas.of("ScorecardRecord"));

    private static final BinaryMessageDecoder<JobRecord> JOBS =
            JobRecord.createDecoder(StoreSchemas.of("JobRecord"));

    private static final BinaryMessageDecoder<LedgerBook> BOOKS =
            LedgerBook.createDecoder(StoreSchemas.of("LedgerBook"));
    private static final BinaryMessageDecoder<LedgerPlaces> PLACES =
            LedgerPlaces.createDecoder(StoreSchemas.of("LedgerPlaces"));

    private StoreCodec() {}

    /// A prompt in a stage's store.
    ///
    /// @param timestampMs of the record that brought it
    /// @param headers as they came with it, for its result
    /// @param begun slots of calls that were in the air when this was written, where a budget must
    ///   count them
    /// @param lost slots of calls that an owner before had in the air, once for each try that was
    ///   counted as uncertain
    public record Pending(
            PromptState state,
            long timestampMs,
            Headers headers,
            Set<Integer> begun,
            List<Integer> lost) {

        public Pending {
            begun = Set.copyOf(begun);
            lost = List.copyOf(lost);
        }

        /// With no call in the air that a budget must count.
        public Pending(PromptState state, long timestampMs, Headers headers) {
            this(state, timestampMs, headers, Set.of(), List.of());
        }
    }

    public static byte[] encode(Pending pending) {
        List<HeaderRecord> headers = new ArrayList<>();
        for (Header header : pending.headers()) {
            headers.add(
                    new HeaderRecord(
                            header.key(),
                            header.value() == null ? null : ByteBuffer.wrap(header.value())));
        }
        return encode(
                PendingPrompt.getEncoder(),
                new PendingPrompt(
                        StateCodec.toRecord(pending.state()),
                        pending.timestampMs(),
                        headers,
                        pending.begun().stream().sorted().toList(),
                        pending.lost()));
    }

    /// @throws UnreadableStore if the bytes are no pending prompt, or of a version not known here
    public static Pending decodePending(byte[] bytes) {
        PendingPrompt record =
                decode(PENDING, bytes, "a pending prompt", "let it finish all prompts first");
        Record<String, PromptState> carrier =
                new Record<>("", StateCodec.fromRecord(record.getState()), 0);
        for (HeaderRecord header : record.getHeaders()) {
            ByteBuffer value = header.getValue();
            carrier.headers().add(header.getKey(), value == null ? null : bytes(value));
        }
        return new Pending(
                carrier.value(),
                record.getTimestamp(),
                carrier.headers(),
                new HashSet<>(record.getBegun()),
                record.getLost());
    }

    public static byte[] encode(SeenPrompt seen) {
        return encode(SeenPrompt.getEncoder(), seen);
    }

    /// @throws UnreadableStore if the bytes are no seen id, or of a version not known here
    public static SeenPrompt decodeSeen(byte[] bytes) {
        return decode(SEEN, bytes, "a seen id", "let dedup.window pass without prompts first");
    }

    public static byte[] encode(LearnEvent event) {
        return encode(LearnEvent.getEncoder(), event);
    }

    /// @throws UnreadableStore if the bytes are no such event, or of a version not known here
    public static LearnEvent decodeLearnEvent(byte[] bytes) {
        return decode(LEARN_EVENTS, bytes, "an observation", FORGET);
    }

    public static byte[] encode(Scorecard card) {
        return encode(ScorecardRecord.getEncoder(), LearnCodec.toRecord(card));
    }

    /// @throws UnreadableStore if the bytes are no scorecard, or of a version not known here
    public static Scorecard decodeScorecard(byte[] bytes) {
        return LearnCodec.fromRecord(decode(SCORECARDS, bytes, "a scorecard", FORGET));
    }

    public static byte[] encode(Job job) {
        return encode(JobRecord.getEncoder(), JobCodec.toRecord(job));
    }

    /// @throws UnreadableStore if the bytes are no job, or of a version not known here
    public static Job decodeJob(byte[] bytes) {
        return JobCodec.fromRecord(decode(JOBS, bytes, "a job", "let its jobs end first"));
    }

    public static byte[] encode(Book book) {
        return encode(LedgerBook.getEncoder(), LedgerCodec.toRecord(book));
    }

    /// @throws UnreadableStore if the bytes are no book, or of a version not known here
    public static Book decodeBook(byte[] bytes) {
        return LedgerCodec.fromRecord(
                decode(BOOKS, bytes, "a budget's book", "wait until its day is over"));
    }

    public static byte[] encode(PlaceBook book) {
        return encode(LedgerPlaces.getEncoder(), PlaceCodec.toRecord(book));
    }

    /// @param now everybody in it counts as heard now
    /// @throws UnreadableStore if the bytes are no such book, or of a version not known here
    public static PlaceBook decodePlaces(byte[] bytes, Instant now) {
        return PlaceCodec.fromRecord(
                decode(PLACES, bytes, "a book of places in flight", "stop all instances"), now);
    }

    private static <T> T decode(
            BinaryMessageDecoder<T> decoder, byte[] bytes, String what, String drain) {
        try {
            return decoder.decode(bytes);
        } catch (MissingSchemaException e) {
            String message =
                    "%s in the store is of a version of Assay that this one does not know (%s); run the version that wrote it, or with that one %s"
                            .formatted(what, e.getMessage(), drain);
            throw new UnreadableStore(message, e);
        } catch (IOException | AvroRuntimeException e) {
            throw new UnreadableStore(what + " in the store cannot be read", e);
        }
    }

    private static <T extends SpecificRecord> byte[] encode(
            BinaryMessageEncoder<T> encoder, T value) {
        try {
            ByteBuffer buffer = encoder.encode(value);
            return bytes(buffer);
        } catch (IOException e) {
            throw new UncheckedIOException("a record could not be written to memory", e);
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /// What a store holds was not written by this version, nor by one before it.
    public static final class UnreadableStore extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnreadableStore(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
