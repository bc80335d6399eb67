package dev.assay.topology;

import dev.assay.codec.StoreCodec;
import dev.assay.model.PromptState;

import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/// Looks prompts up in the stores of this instance, and tells what other instances there are. Safe
/// for any thread.
///
/// A prompt lies where its record's key led, which need not be its id; so all partitions are asked.
public final class PromptQueries {

    private final KafkaStreams streams;
    private final Optional<HostInfo> me;

    PromptQueries(KafkaStreams streams, Optional<HostInfo> me) {
        this.streams = streams;
        this.me = me;
    }

    /// How far a prompt is.
    ///
    /// @param stage `answering` or `checking`
    public record Progress(String stage, PromptState state) {}

    /// The stores are on their way to another instance, as when this one has stopped, or are being
    /// restored.
    public static final class Moving extends Exception {
        private static final long serialVersionUID = 1;

        private Moving(RuntimeException cause) {
            super("the stores are moving between instances; ask again in a moment", cause);
        }
    }

    /// A prompt that is in one of the stages here.
    public Optional<Progress> here(String id) throws Moving {
        for (Stage stage : Stage.values()) {
            byte[] found = read(Stores.pending(stage), id);
            if (found != null) {
                String label =
                        switch (stage) {
                            case ANSWER -> "answering";
                            case CHECK -> "checking";
                        };
                return Optional.of(new Progress(label, StoreCodec.decodePending(found).state()));
            }
        }
        return Optional.empty();
    }

    /// Where the other instances serve; nobody knows once this one has stopped.
    public List<HostInfo> others() {
        try {
            return streams.metadataForAllStreamsClients().stream()
                    .map(StreamsMetadata::hostInfo)
                    .filter(host -> !host.equals(HostInfo.unavailable()))
                    .filter(host -> me.isEmpty() || !me.get().equals(host))
                    .distinct()
                    .toList();
        } catch (InvalidStateStoreException | IllegalStateException _) {
            return List.of();
        }
    }

    private byte @Nullable [] read(String store, String id) throws Moving {
        try {
            ReadOnlyKeyValueStore<String, byte[]> found =
                    streams.store(
                            StoreQueryParameters.fromNameAndType(
                                    store, QueryableStoreTypes.keyValueStore()));
            return found.get(id);
        } catch (InvalidStateStoreException | IllegalStateException e) {
            throw new Moving(e);
        }
    }
}
