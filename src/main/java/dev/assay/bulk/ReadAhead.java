package dev.assay.bulk;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Reads an input on a thread of its own, a little ahead of whoever takes its lines: taking lines
/// apart is a third of the work of submitting them.
///
/// Lines are taken by one thread. Closed before the input it reads.
public final class ReadAhead implements InputLines, AutoCloseable {

    /// Handed over at once; what waits is at most three times this, and a line more each.
    private static final int BATCH_LINES = 256;

    private static final int BATCH_CHARS = 256 * 1024;
    private static final int BATCHES = 2;

    private final InputLines input;
    private final BlockingQueue<Batch> read = new ArrayBlockingQueue<>(BATCHES);
    private final Thread thread;
    private final Deque<InputLine> ready = new ArrayDeque<>();
    private Optional<End> end = Optional.empty();

    /// How the input ended.
    ///
    /// @param failure why it could not be read further, if so
    private record End(Optional<InputException> failure, Optional<RuntimeException> bug) {}

    private record Batch(List<InputLine> lines, Optional<End> end) {}

    public ReadAhead(InputLines input) {
        this.input = input;
        this.thread = Thread.ofPlatform().name("assay-read").daemon().start(this::run);
    }

    @Override
    public Optional<InputLine> next() throws InputException {
        while (ready.isEmpty() && end.isEmpty()) {
            try {
                Batch batch = read.take();
                ready.addAll(batch.lines());
                end = batch.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InputException("interrupted while the input was read", e);
            }
        }
        if (ready.isEmpty() && end.isPresent()) {
            if (end.get().bug().isPresent()) {
                throw end.get().bug().get();
            }
            if (end.get().failure().isPresent()) {
                throw end.get().failure().get();
            }
        }
        return Optional.ofNullable(ready.poll());
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            Optional<End> ended = Optional.empty();
            while (ended.isEmpty()) {
                List<InputLine> lines = new ArrayList<>();
                ended = fill(lines);
                read.put(new Batch(lines, ended));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody takes lines any more
        }
    }

    /// @return how the input ended, if it did
    private Optional<End> fill(List<InputLine> lines) {
        int chars = 0;
        try {
            while (lines.size() < BATCH_LINES && chars < BATCH_CHARS) {
                Optional<InputLine> line = input.next();
                if (line.isEmpty()) {
                    return Optional.of(new End(Optional.empty(), Optional.empty()));
                }
                lines.add(line.get());
                chars += chars(line.get());
            }
            return Optional.empty();
        } catch (InputException e) {
            return Optional.of(new End(Optional.of(e), Optional.empty()));
        } catch (RuntimeException e) {
            return Optional.of(new End(Optional.empty(), Optional.of(e)));
        }
    }

    private static int chars(InputLine line) {
        return switch (line) {
            case InputLine.Valid valid ->
                    valid.event().getRequest() != null
                            ? valid.event().getRequest().length()
                            : valid.event().getMessages().stream()
                                    .mapToInt(message -> message.getContent().length())
                                    .sum();
            case InputLine.Invalid _ -> 0;
        };
    }
}
