package dev.assay.http.files;

import dev.assay.config.ApiConfig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// The files of an instance, in a folder: `content/ID` as it came, `about/ID.json` what is known of
/// it. A file is there once both are; what a crash left of any other is removed at the next start.
/// Safe for any thread.
public final class FileStore {

    /// More are refused; a record of each is held in memory.
    static final int MOST_FILES = 100_000;

    private static final int INSUFFICIENT_STORAGE = 507;

    private static final Comparator<StoredFile> OLDEST_FIRST =
            Comparator.comparingLong(StoredFile::createdAtMs).thenComparing(StoredFile::id);

    private final Path contents;
    private final Path arriving;
    private final JsonFolder<StoredFile> records;
    private final ApiConfig limits;
    private final InstantSource clock;
    private final Map<String, StoredFile> files = new HashMap<>();

    /// What becomes a file.
    ///
    /// @param lifetime how long it is kept; empty for ever
    public record Draft(
            Optional<String> tenant, String name, String purpose, Optional<Duration> lifetime) {}

    /// A file that there is no room for.
    public static final class NoRoom extends Exception {
        private static final long serialVersionUID = 1;

        NoRoom(String message) {
            super(message);
        }

        /// In the terms of HTTP.
        public int status() {
            return INSUFFICIENT_STORAGE;
        }
    }

    private FileStore(Path folder, ApiConfig limits, InstantSource clock) {
        this.contents = folder.resolve("content");
        this.arriving = folder.resolve("arriving");
        this.records = new JsonFolder<>(folder.resolve("about"), StoredFile.class);
        this.limits = limits;
        this.clock = clock;
    }

    /// @throws UncheckedIOException if the folder cannot be used
    public static FileStore open(Path folder, ApiConfig limits, InstantSource clock) {
        FileStore store = new FileStore(folder, limits, clock);
        store.load();
        return store;
    }

    /// Where uploads may be put until they are whole.
    public Path arriving() {
        return arriving;
    }

    /// A new name for a file.
    public static String newId() {
        return "file-" + UUID.randomUUID().toString().replace("-", "");
    }

    /// Takes an upload into the store.
    ///
    /// @param content moved away, from a folder of the same disk
    /// @throws NoRoom if its owner or all together would have more than they may; the content stays
    public synchronized StoredFile put(Draft draft, Path content) throws NoRoom, IOException {
        removeExpired();
        long bytes = Files.size(content);
        requireRoom(draft.tenant(), bytes);
        return add(newId(), draft, content);
    }

    /// Takes a file that the instance itself has made; there is always room for it. Where it is
    /// there already, nothing happens, so that it may be done again after a crash.
    public synchronized void adopt(String id, Draft draft, Path content) throws IOException {
        if (!files.containsKey(id)) {
            StoredFile _ = add(id, draft, content);
        }
    }

    public synchronized Optional<StoredFile> find(String id) {
        return Optional.ofNullable(files.get(id)).filter(file -> !file.expired(clock.instant()));
    }

    /// All files there are, the oldest first.
    public synchronized List<StoredFile> all() {
        removeExpired();
        return files.values().stream().sorted(OLDEST_FIRST).toList();
    }

    /// Where the content of a file lies; it is never changed.
    public Path content(StoredFile file) {
        return contents.resolve(file.id());
    }

    public synchronized void delete(StoredFile file) {
        records.delete(file.id());
        removeContent(content(file));
        files.remove(file.id());
    }

    private StoredFile add(String id, Draft draft, Path content) throws IOException {
        Instant now = clock.instant();
        StoredFile file =
                new StoredFile(
                        id,
                        draft.tenant(),
                        draft.name(),
                        draft.purpose(),
                        Files.size(content),
                        now.toEpochMilli(),
                        draft.lifetime().map(time -> now.plus(time).toEpochMilli()));
        records.save(id, file);
        Files.move(content, content(file), StandardCopyOption.REPLACE_EXISTING);
        files.put(id, file);
        return file;
    }

    private void requireRoom(Optional<String> tenant, long bytes) throws NoRoom {
        if (files.size() >= MOST_FILES) {
            throw new NoRoom(
                    "there are %,d files already, as many as may be; delete some"
                            .formatted(MOST_FILES));
        }
        long own =
                files.values().stream()
                        .filter(file -> file.tenant().equals(tenant))
                        .mapToLong(StoredFile::bytes)
                        .sum();
        long all = files.values().stream().mapToLong(StoredFile::bytes).sum();
        if (own + bytes > limits.tenantBytes()) {
            throw new NoRoom(
                    "your files would hold more than %,d bytes; delete some, or raise api.tenant_mb"
                            .formatted(limits.tenantBytes()));
        }
        if (all + bytes > limits.totalBytes()) {
            throw new NoRoom(
                    "all files together would hold more than %,d bytes; delete some, or raise api.total_mb"
                            .formatted(limits.totalBytes()));
        }
    }

    private void removeExpired() {
        Instant now = clock.instant();
        files.values().stream().filter(file -> file.expired(now)).toList().forEach(this::delete);
    }

    private synchronized void load() {
        try {
            Files.createDirectories(contents);
            Files.createDirectories(arriving);
            for (StoredFile file : records.load()) {
                if (Files.exists(content(file))) {
                    files.put(file.id(), file);
                } else {
                    records.delete(file.id());
                }
            }
            for (Path folder : List.of(contents, arriving)) {
                try (Stream<Path> entries = Files.list(folder)) {
                    entries.filter(path -> !files.containsKey(path.getFileName().toString()))
                            .forEach(FileStore::removeContent);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be used".formatted(contents), e);
        }
    }

    private static void removeContent(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be deleted".formatted(path), e);
        }
    }
}
