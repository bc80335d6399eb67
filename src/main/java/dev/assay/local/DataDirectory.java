package dev.assay.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/// A directory that something of the local stack keeps its data in: made where missing, tried, and
/// locked against a second user until it is closed. The operating system drops the lock of a
/// process that was killed.
///
/// Kafka's own lock comes too late: its metadata log is written before it is taken, and a second
/// broker breaks that log.
final class DataDirectory implements AutoCloseable {

    private static final long MIN_FREE_BYTES = 256L << 20;

    private final Path path;
    private final boolean temporary;
    private final FileChannel lock;

    private DataDirectory(Path path, boolean temporary, FileChannel lock) {
        this.path = path;
        this.temporary = temporary;
        this.lock = lock;
    }

    /// A new directory that is removed when it is closed.
    ///
    /// @throws LocalStackException where none can be made or space is short
    static DataDirectory temporary(String prefix) {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        requireSpace(parent);
        try {
            Path path = Files.createTempDirectory(prefix).toRealPath();
            return new DataDirectory(path, true, lock(path));
        } catch (IOException e) {
            throw notWritable(parent, e);
        }
    }

    /// A directory that stays.
    ///
    /// @throws LocalStackException where it cannot be written to, is in use, or space is short
    static DataDirectory lasting(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            requireSpace(path);
            return new DataDirectory(path, false, lock(path));
        } catch (IOException e) {
            throw notWritable(path, e);
        }
    }

    /// Where it is, absolute.
    Path path() {
        return path;
    }

    /// Gives up the directory and leaves what is in it, a temporary one's logs too.
    void release() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unlock " + path, e);
        }
    }

    @Override
    public void close() {
        release();
        try {
            if (temporary) {
                removeTree(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + path, e);
        }
    }

    /// Removes a directory with all that is in it.
    static void removeTree(Path root) throws IOException {
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
                            throws IOException {
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        path.resolve("in-use.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Held by this process itself, which is no different.
        }
        if (!locked) {
            channel.close();
            throw new LocalStackException(
                    "The data directory %s is in use by another Assay. End that one, or choose another directory."
                            .formatted(path));
        }
        return channel;
    }

    private static void requireSpace(Path path) {
        long free;
        try {
            free = Files.getFileStore(path).getUsableSpace();
        } catch (IOException e) {
            throw notWritable(path, e);
        }
        if (free < MIN_FREE_BYTES) {
            throw new LocalStackException(
                    "Only %d MB are free in %s, where the data would go; at least %d MB are needed. Free some space, or choose another directory."
                            .formatted(free >> 20, path, MIN_FREE_BYTES >> 20));
        }
    }

    private static LocalStackException notWritable(Path path, IOException failure) {
        return new LocalStackException(
                "Cannot write to %s (%s). Make it writable, or choose another directory."
                        .formatted(path, failure),
                failure);
    }
}
