package dev.assay.cli;

import dev.assay.cli.Errors.BadInput;
import dev.assay.cli.Errors.CannotRun;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Where an instance keeps its stores; its own for as long as it runs.
final class StateFolder implements AutoCloseable {

    private static final Path USUAL = Path.of("assay-state");
    private static final String LOCK = "instance.lock";

    private final Path path;
    private final FileChannel lock;

    private StateFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /// The folder that was asked for, else [#free] at the usual one.
    ///
    /// @throws BadInput if another instance runs in the folder that was asked for
    static StateFolder open(Optional<Path> asked) {
        if (asked.isPresent()) {
            return lock(asked.get())
                    .orElseThrow(
                            () ->
                                    new BadInput(
                                            "another instance runs in the state folder %s; give each its own with --state-dir"
                                                    .formatted(asked.get())));
        }
        return free(USUAL);
    }

    /// This folder, or where another instance runs in it the next: `assay-state`, `assay-state-2`
    /// and so on.
    static StateFolder free(Path usual) {
        Optional<StateFolder> free = lock(usual);
        for (int number = 2; free.isEmpty(); number++) {
            free = lock(Path.of(usual + "-" + number));
        }
        return free.get();
    }

    Path path() {
        return path;
    }

    /// True where it is not the one that a lone instance takes.
    boolean isUnusual() {
        return !path.equals(USUAL);
    }

    /// Empty where somebody else holds it.
    private static Optional<StateFolder> lock(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(
                            folder.resolve(LOCK),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (isLocked(channel)) {
                return Optional.of(new StateFolder(folder, channel));
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new CannotRun(
                    "the state folder %s cannot be used: %s; choose another with --state-dir"
                            .formatted(folder, e),
                    e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this very process
        }
    }

    /// The lock ends with its channel.
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
