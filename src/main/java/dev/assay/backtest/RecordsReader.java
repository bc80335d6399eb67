package dev.assay.backtest;

import dev.assay.backtest.RecordParser.BadRecord;
import dev.assay.bulk.BadLine;
import dev.assay.bulk.FileTrouble;
import dev.assay.bulk.InputException;
import dev.assay.bulk.LineSplitter;
import dev.assay.bulk.RawLine;
import dev.assay.bulk.Utf8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/// Reads a file of records, line by line; also gzipped. Memory grows with the prompts and what is
/// wanted of them, and no further than [#MOST_PROMPTS].
public final class RecordsReader {

    /// The most prompts of one backtest; they are held in memory.
    static final int MOST_PROMPTS = 500_000;

    /// The longest line: a prompt with a few dozen long answers.
    static final int MAX_LINE_BYTES = 16 * 1024 * 1024;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final String name;
    private final Records.Wanted wanted;
    private final List<RecordedPrompt> prompts = new ArrayList<>();
    private final Map<String, Long> lineOfId = new HashMap<>();
    private final TreeSet<String> models = new TreeSet<>();
    private final TreeSet<String> judges = new TreeSet<>();

    private RecordsReader(String name, Records.Wanted wanted) {
        this.name = name;
        this.wanted = wanted;
    }

    /// Reads the whole file.
    ///
    /// @throws InputException if it cannot be read or holds a line that is no record; the message
    ///   says which and why
    public static Records read(Path file, Records.Wanted wanted) throws InputException {
        if (!Files.exists(file)) {
            throw new InputException("there is no file " + file);
        }
        if (Files.isDirectory(file)) {
            throw new InputException(file + " is a folder; give a file of records");
        }
        RecordsReader reader = new RecordsReader(file.toString(), wanted);
        try (InputStream in = Files.newInputStream(file)) {
            reader.readAll(new LineSplitter(unpacked(in), MAX_LINE_BYTES));
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + FileTrouble.reason(e), e);
        }
        if (reader.prompts.isEmpty()) {
            throw new InputException(file + " holds no record");
        }
        return new Records(reader.name, reader.prompts, reader.models, reader.judges);
    }

    private void readAll(LineSplitter lines) throws IOException, InputException {
        for (Optional<RawLine> line = lines.next(); line.isPresent(); line = lines.next()) {
            long number = line.get().number();
            switch (line.get()) {
                case RawLine.Whole whole when whole.blank() -> {}
                case RawLine.Whole whole -> add(number, whole);
                case RawLine.TooLong tooLong ->
                        throw bad(
                                number,
                                "it has %d bytes, and a record may have %d"
                                        .formatted(tooLong.length(), MAX_LINE_BYTES));
            }
        }
    }

    private void add(long number, RawLine.Whole line) throws InputException {
        RecordedPrompt prompt;
        try {
            prompt = RecordParser.parse(Utf8.decode(line.bytes()));
        } catch (BadRecord e) {
            throw bad(number, e.reason());
        } catch (BadLine e) {
            throw bad(number, e.reason());
        }
        Long earlier = lineOfId.putIfAbsent(prompt.id(), number);
        if (earlier != null) {
            throw bad(
                    number,
                    "its id %s is that of line %d; give every prompt an id of its own"
                            .formatted(prompt.id(), earlier));
        }
        if (prompts.size() == MOST_PROMPTS) {
            throw new InputException(
                    "%s holds more than %d records; split it".formatted(name, MOST_PROMPTS));
        }
        models.addAll(prompt.answers().keySet());
        judges.addAll(prompt.grades().keySet());
        prompts.add(kept(prompt));
    }

    private RecordedPrompt kept(RecordedPrompt prompt) {
        Map<String, RecordedAnswer> answers = new HashMap<>();
        prompt.answers()
                .forEach(
                        (model, answer) -> {
                            if (wanted.models().contains(model)) {
                                answers.put(model, wanted.texts() ? answer : textless(answer));
                            }
                        });
        Map<String, RecordedGrades> grades = new HashMap<>(prompt.grades());
        grades.keySet().retainAll(wanted.judges());
        return new RecordedPrompt(
                prompt.id(), prompt.text(), prompt.task(), prompt.reference(), answers, grades);
    }

    /// Nobody reads the text, but an empty answer must be known as one.
    private static RecordedAnswer textless(RecordedAnswer answer) {
        return new RecordedAnswer(
                answer.text().filter(String::isBlank),
                answer.inputTokens(),
                answer.outputTokens(),
                answer.costUsd(),
                answer.correct(),
                answer.score());
    }

    private static InputStream unpacked(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
        buffered.mark(2);
        byte[] magic = buffered.readNBytes(2);
        buffered.reset();
        boolean gzip = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
        return gzip ? new GZIPInputStream(buffered, BUFFER_BYTES) : buffered;
    }

    private InputException bad(long number, String reason) {
        return new InputException("%s, line %d: %s".formatted(name, number, reason));
    }
}
