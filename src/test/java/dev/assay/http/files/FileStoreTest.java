package dev.assay.http.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.config.ApiConfig;
import dev.assay.http.files.FileStore.Draft;
import dev.assay.http.files.FileStore.NoRoom;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

class FileStoreTest {

    private static final ApiConfig LIMITS = new ApiConfig(100, 100, 150, 10);

    @TempDir private Path folder;
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private FileStore store;

    @BeforeEach
    void open() {
        store = FileStore.open(folder, LIMITS, now::get);
    }

    @Test
    void keepsFilesAcrossARestart() throws Exception {
        StoredFile file = put("acme", "../../name", 10);

        open();

        assertThat(store.all()).containsExactly(file);
        assertThat(store.content(file)).hasContent("x".repeat(10));
        assertThat(store.content(file).getParent()).isEqualTo(folder.resolve("content"));
    }

    @Test
    void refusesWhatATenantOrAllTogetherHaveNoRoomFor() throws Exception {
        StoredFile first = put("acme", "a", 80);

        assertThatThrownBy(() -> put("acme", "b", 30))
                .isInstanceOf(NoRoom.class)
                .hasMessageContaining("api.tenant_mb");
        assertThatThrownBy(() -> put("other", "c", 80))
                .isInstanceOf(NoRoom.class)
                .hasMessageContaining("api.total_mb");
        store.delete(first);
        assertThat(put("other", "c", 80).bytes()).isEqualTo(80);
    }

    @Test
    void forgetsFilesWhoseTimeHasCome() throws Exception {
        Draft draft = new Draft(Optional.empty(), "a", "batch", Optional.of(Duration.ofHours(1)));
        StoredFile file = store.put(draft, content(10));

        now.updateAndGet(time -> time.plus(Duration.ofHours(1)));

        assertThat(store.find(file.id())).isEmpty();
        assertThat(store.all()).isEmpty();
        assertThat(store.content(file)).doesNotExist();
    }

    @Test
    void adoptsAFileOnce() throws Exception {
        Draft draft = new Draft(Optional.empty(), "out", "batch_output", Optional.empty());

        store.adopt("file-1", draft, content(200));
        store.adopt("file-1", draft, folder.resolve("gone"));

        assertThat(store.find("file-1")).hasValueSatisfying(file -> sized(file, 200));
    }

    @Test
    void removesWhatACrashLeft() throws Exception {
        StoredFile torn = put("acme", "torn", 10);
        Files.delete(store.content(torn));
        Path arrived = Files.writeString(store.arriving().resolve("part"), "half");
        Path unknown = Files.writeString(folder.resolve("content").resolve("file-2"), "whole");

        open();

        assertThat(store.all()).isEmpty();
        assertThat(List.of(arrived, unknown)).noneMatch(Files::exists);
        try (Stream<Path> records = Files.list(folder.resolve("about"))) {
            assertThat(records).isEmpty();
        }
    }

    private static void sized(StoredFile file, long bytes) {
        assertThat(file.bytes()).isEqualTo(bytes);
    }

    private StoredFile put(String tenant, String name, int bytes) throws NoRoom, IOException {
        return store.put(
                new Draft(Optional.of(tenant), name, "batch", Optional.empty()), content(bytes));
    }

    private Path content(int bytes) throws IOException {
        return Files.writeString(
                Files.createTempFile(store.arriving(), "upload", ""), "x".repeat(bytes));
    }
}
