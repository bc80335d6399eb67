package dev.assay.codec;

import dev.assay.avro.HeaderRecord;
import dev.assay.avro.PendingPrompt;
import dev.assay.avro.SeenPrompt;
import dev.assay.model.PromptState;

import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Values of state stores: Avro's single-object encoding, which names its schema by fingerprint, so
/// that stores need no registry. Source: Avro specification, "Single-object encoding".
public final class StoreCodec {

    private StoreCodec() {}

    /// A prompt in a stage's store.
    ///
    /// @param timestampMs of the record that brought it
    /// @param headers as they came with it, for its result
    public record Pending(PromptState state, long timestampMs, Headers headers) {}

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
                        StateCodec.toRecord(pending.state()), pending.timestampMs(), headers));
    }

    /// @throws UncheckedIOException if the bytes are no pending prompt, or of a schema nobody here
    ///   knows
    public static Pending decodePending(byte[] bytes) {
        try {
            PendingPrompt record = PendingPrompt.getDecoder().decode(bytes);
            Record<String, PromptState> carrier =
                    new Record<>("", StateCodec.fromRecord(record.getState()), 0);
            for (HeaderRecord header : record.getHeaders()) {
                carrier.headers().add(header.getKey(), bytes(header.getValue()));
            }
            return new Pending(carrier.value(), record.getTimestamp(), carrier.headers());
        } catch (IOException e) {
            throw new UncheckedIOException("a pending prompt in the store cannot be read", e);
        }
    }

    public static byte[] encode(SeenPrompt seen) {
        return encode(SeenPrompt.getEncoder(), seen);
    }

    /// @throws UncheckedIOException if the bytes are no seen id, or of a schema nobody here knows
    public static SeenPrompt decodeSeen(byte[] bytes) {
        try {
            return SeenPrompt.getDecoder().decode(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a seen id in the store cannot be read", e);
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
        if (buffer == null) {
            return new byte[0];
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
