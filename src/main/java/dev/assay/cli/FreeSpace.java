package dev.assay.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Looks now and then how much space is left, since the embedded broker ends the whole process
/// without a word once there is none. For one thread.
final class FreeSpace {

    private static final long MIN_BYTES = 64L << 20;
    private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Path folder;
    private final FileStore store;
    private long lookedAt = System.nanoTime();

    /// @param folder that what is watched grows in
    FreeSpace(Path folder) throws IOException {
        this.folder = folder;
        this.store = Files.getFileStore(folder);
    }

    /// What to say when there is too little; empty while there is enough.
    Optional<String> trouble() {
        long now = System.nanoTime();
        if (now - lookedAt < LOOK_EVERY_NANOS) {
            return Optional.empty();
        }
        lookedAt = now;
        try {
            long free = store.getUsableSpace();
            return free >= MIN_BYTES
                    ? Optional.empty()
                    : Optional.of(
                            "only %d MB are left on the disk of %s; free some space"
                                    .formatted(free >> 20, folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
