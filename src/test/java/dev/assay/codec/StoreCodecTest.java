package dev.assay.codec;

import static dev.assay.model.Samples.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.avro.PendingPrompt;
import dev.assay.codec.StoreCodec.Pending;
import dev.assay.codec.StoreCodec.UnreadableStore;
import dev.assay.model.Ballot;
import dev.assay.model.Call;
import dev.assay.model.Opinion;
import dev.assay.model.Plan;
import dev.assay.model.Preference;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What the stores of every released version hold is read by this one.
class StoreCodecTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private static final Path IN_PRODUCT = Path.of("src/main/resources/dev/assay/codec");

    /// Two bytes that mark the encoding come before the fingerprint.
    private static final int FINGERPRINT = 2;

    static List<Path> pendingPrompts() throws IOException {
        return golden("PendingPrompt-v");
    }

    static List<Path> seenPrompts() throws IOException {
        return golden("SeenPrompt-v");
    }

    @ParameterizedTest
    @MethodSource("pendingPrompts")
    void pendingPromptsOfEveryVersionAreRead(Path golden) throws IOException {
        Schema before = new Schema.Parser().parse(Files.readString(schema(golden)));
        Pending pending = new Pending(new PromptSample().admitted(), 5, new RecordHeaders());

        Pending read = StoreCodec.decodePending(asWrittenBy(before, StoreCodec.encode(pending)));

        assertThat(read.state()).isEqualTo(pending.state());
        assertThat(read.timestampMs()).isEqualTo(5);
    }

    @Test
    void headersComeOutAsTheyWentIn() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("twice", new byte[] {1}).add("twice", new byte[] {2});
        headers.add("none", null).add("empty", new byte[0]);
        Pending pending = new Pending(new PromptSample().admitted(), 5, headers);

        Pending read = StoreCodec.decodePending(StoreCodec.encode(pending));

        assertThat(read.headers()).isEqualTo(headers);
    }

    @ParameterizedTest
    @EnumSource(Purpose.class)
    void callsOfEveryPurposeComeOutAsTheyWentIn(Purpose purpose) {
        Call call = Call.first(3, purpose, new Plan.Pick("small", 0.5, "why"), NOW);
        PromptState state = new PromptSample().admitted().plusCall(call);

        assertThat(StoreCodec.decodePending(encoded(state)).state()).isEqualTo(state);
    }

    @Test
    void whatAnEnsembleWaitsForAndWhatOthersThinkComeOutAsTheyWentIn() {
        PromptState state =
                new PromptSample()
                        .admitted()
                        .withWaitUntil(Optional.of(NOW))
                        .withBallots(List.of(new Ballot(2, true)))
                        .plusOpinion(new Opinion("small", "it is 4"))
                        .withPreferences(
                                List.of(new Preference(0, 2, "judge", Preference.Choice.SECOND)));

        assertThat(StoreCodec.decodePending(encoded(state)).state()).isEqualTo(state);
    }

    private static byte[] encoded(PromptState state) {
        return StoreCodec.encode(new Pending(state, 5, new RecordHeaders()));
    }

    @ParameterizedTest
    @MethodSource("seenPrompts")
    void seenIdsOfEveryVersionAreRead(Path written) throws IOException {
        assertThat(StoreCodec.decodeSeen(Files.readAllBytes(written)).getSeenAt())
                .isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @Test
    void unknownVersionIsToldWithTheWayOut() throws IOException {
        byte[] pending = Files.readAllBytes(GOLDEN.resolve("PendingPrompt-v1.bin"));
        byte[] seen = Files.readAllBytes(GOLDEN.resolve("SeenPrompt-v1.bin"));
        pending[FINGERPRINT]++;
        seen[FINGERPRINT]++;

        assertThatThrownBy(() -> StoreCodec.decodePending(pending))
                .isInstanceOf(UnreadableStore.class)
                .hasMessageContaining("run the version that wrote it, or with that one let it");
        assertThatThrownBy(() -> StoreCodec.decodeSeen(seen))
                .isInstanceOf(UnreadableStore.class)
                .hasMessageContaining("dedup.window");
    }

    @Test
    void bytesOfAnotherKindAreUnreadable() {
        assertThatThrownBy(() -> StoreCodec.decodePending(new byte[] {1, 2, 3}))
                .isInstanceOf(UnreadableStore.class);
    }

    private static byte[] asWrittenBy(Schema before, byte[] now) throws IOException {
        BinaryMessageDecoder<GenericRecord> decoder =
                new BinaryMessageDecoder<>(GenericData.get(), before);
        decoder.addSchema(PendingPrompt.getClassSchema());
        return new BinaryMessageEncoder<GenericRecord>(GenericData.get(), before)
                .encode(decoder.decode(now))
                .array();
    }

    private static Path schema(Path golden) {
        return IN_PRODUCT.resolve(golden.getFileName().toString().replace(".bin", ".avsc"));
    }

    private static List<Path> golden(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .filter(file -> file.toString().endsWith(".bin"))
                    .sorted()
                    .toList();
        }
    }
}
