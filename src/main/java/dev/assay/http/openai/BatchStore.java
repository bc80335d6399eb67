package dev.assay.http.openai;

import dev.assay.http.ApiError;
import dev.assay.http.files.JsonFolder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The batches of an instance, each also on the disk. Safe for any thread.
final class BatchStore {

    /// More are refused until some have ended; of those that have ended the oldest are forgotten.
    static final int MOST_BATCHES = 10_000;

    /// Of one tenant, that have not ended.
    static final int MOST_OPEN = 100;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final Comparator<Batch> NEWEST_FIRST =
            Comparator.comparingLong(Batch::createdAtMs).thenComparing(Batch::id).reversed();

    private final Path growing;
    private final JsonFolder<Batch> records;
    private final Map<String, Batch> batches = new HashMap<>();

    /// @throws UncheckedIOException if the folder cannot be used
    BatchStore(Path folder) {
        this.growing = folder.resolve("growing");
        this.records = new JsonFolder<>(folder.resolve("about"), Batch.class);
        try {
            Files.createDirectories(growing);
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be made".formatted(growing), e);
        }
        records.load().forEach(batch -> batches.put(batch.id(), batch));
    }

    /// Where a file of a batch grows.
    Path growing(String name) {
        return growing.resolve(name);
    }

    synchronized void add(Batch batch) {
        long open =
                batches.values().stream()
                        .filter(one -> one.tenant().equals(batch.tenant()))
                        .filter(one -> !one.status().ended())
                        .count();
        forgetOldest();
        if (open >= MOST_OPEN || batches.size() >= MOST_BATCHES) {
            throw new ApiError(
                    TOO_MANY_REQUESTS,
                    "%d of your batches have not ended, as many as may; wait for one, or cancel one"
                            .formatted(open));
        }
        records.save(batch.id(), batch);
        batches.put(batch.id(), batch);
    }

    synchronized Optional<Batch> find(String id) {
        return Optional.ofNullable(batches.get(id));
    }

    synchronized List<Batch> newestFirst() {
        return batches.values().stream().sorted(NEWEST_FIRST).toList();
    }

    /// Changes a batch, here and on the disk.
    synchronized Batch change(String id, UnaryOperator<Batch> change) {
        Batch changed = change.apply(Objects.requireNonNull(batches.get(id)));
        records.save(id, changed);
        batches.put(id, changed);
        return changed;
    }

    /// What follows from other files is not written again and again.
    synchronized void count(String id, BatchCounts counts) {
        batches.computeIfPresent(id, (_, batch) -> batch.withCounts(counts));
    }

    private void forgetOldest() {
        List<Batch> ended = new ArrayList<>(newestFirst());
        ended.removeIf(batch -> !batch.status().ended());
        while (batches.size() >= MOST_BATCHES && !ended.isEmpty()) {
            Batch oldest = ended.removeLast();
            records.delete(oldest.id());
            batches.remove(oldest.id());
        }
    }
}
