package dev.assay.bulk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.UUID;

/// The folder `RESULTS.run` beside a results file: what an interrupted run needs to go on, and in
/// `run.json` whose results they are. Once a run is complete only `run.json` is left. Locked
/// against a second run until it is closed.
public final class RunFolder implements Closeable {

    private static final String RUN_JSON = "run.json";
    private static final String LOCK = "lock";
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private final Path results;
    private final Path folder;
    private final FileChannel lock;
    private RunRecord run;
    private boolean resumed;

    /// What `run.json` holds.
    ///
    /// @param run the id under which the run's prompts are known
    /// @param complete every line of the input has its row
    private record RunRecord(String run, RunIdentity identity, boolean complete) {}

    private RunFolder(Path results, FileChannel lock) {
        this.results = results;
        this.folder = folderOf(results);
        this.lock = lock;
        this.run = new RunRecord("", RunIdentity.NONE, false);
    }

    /// Takes the folder of a results file for this process. [#begin] comes next.
    ///
    /// @throws InputException if another run has it
    public static RunFolder lock(Path results) throws InputException, IOException {
        Path folder = folderOf(results);
        if (Files.exists(results) && !Files.isRegularFile(results)) {
            throw new InputException(results + " is no regular file; choose another with -o");
        }
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InputException(
                    folder + " is in the way: a run keeps its state there; choose another -o");
        }
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(
                        folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new RunFolder(results, channel);
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process, which is no different.
        }
        channel.close();
        throw new InputException(
                "another run is writing %s at this moment; wait for it, or choose another file with -o"
                        .formatted(results));
    }

    /// Begins a run, or goes on with the one whose results are there.
    ///
    /// @param fresh throw away what is there
    /// @throws InputException if the results are of another input, topology or version, or nobody
    ///   knows whose
    public void begin(RunIdentity identity, boolean fresh) throws InputException, IOException {
        Optional<RunRecord> earlier = fresh ? Optional.empty() : earlier();
        boolean hasResults = Files.exists(results) && Files.size(results) > 0;
        if (earlier.isPresent()) {
            Optional<String> difference = earlier.get().identity().difference(identity);
            if (difference.isPresent()) {
                throw new InputException(
                        "%s holds results of %s; choose another file with -o, or begin anew with --fresh"
                                .formatted(results, difference.get()));
            }
        } else if (hasResults && !fresh) {
            throw new InputException(
                    "%s exists, and no %s tells which run made it; choose another file with -o, or overwrite it with --fresh"
                            .formatted(results, folder.resolve(RUN_JSON)));
        }
        if (earlier.isPresent() && (hasResults || !earlier.get().complete())) {
            run = earlier.get();
            resumed = true;
        } else {
            Files.deleteIfExists(results);
            removeState();
            save(new RunRecord(UUID.randomUUID().toString(), identity, false));
        }
        if (!complete() && Files.exists(spooled())) {
            Files.move(spooled(), stdin(), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// The id under which the run's prompts are known; the same each time the run goes on.
    public String runId() {
        return run.run();
    }

    /// True where the run began earlier.
    public boolean resumed() {
        return resumed;
    }

    /// True where every line of the input has its row.
    public boolean complete() {
        return run.complete();
    }

    /// Where the broker keeps its data.
    public Path broker() {
        return folder.resolve("broker");
    }

    /// Where Kafka Streams keeps its state.
    public Path state() {
        return folder.resolve("state");
    }

    /// Where input that came by stdin is kept, so that the run can go on without it.
    public Path stdin() {
        return folder.resolve("stdin");
    }

    /// Copies what comes by stdin into the folder; [#begin] decides whether it stays.
    ///
    /// @return the copy
    public Path spool(InputStream in) throws IOException {
        Files.copy(in, spooled(), StandardCopyOption.REPLACE_EXISTING);
        return spooled();
    }

    /// Notes that every line has its row, and removes what only an unfinished run needs. The broker
    /// and the pipeline must be closed by then.
    public void markComplete() throws IOException {
        save(new RunRecord(run.run(), run.identity(), true));
        removeState();
        Files.deleteIfExists(stdin());
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(spooled());
        Files.deleteIfExists(folder.resolve(LOCK));
        lock.close();
        if (run.run().isEmpty() && isEmpty(folder)) {
            Files.delete(folder);
        }
    }

    private Path spooled() {
        return folder.resolve("stdin.next");
    }

    private Optional<RunRecord> earlier() throws InputException, IOException {
        Path file = folder.resolve(RUN_JSON);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readValue(file.toFile(), RunRecord.class));
        } catch (JsonProcessingException e) {
            throw new InputException(file + " cannot be read; begin anew with --fresh", e);
        }
    }

    private void save(RunRecord record) throws IOException {
        Path next = folder.resolve(RUN_JSON + ".next");
        Files.write(next, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(record));
        Files.move(
                next,
                folder.resolve(RUN_JSON),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        run = record;
    }

    private void removeState() throws IOException {
        removeTree(broker());
        removeTree(state());
    }

    private static Path folderOf(Path results) {
        return results.resolveSibling(results.getFileName() + ".run");
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    private static void removeTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
