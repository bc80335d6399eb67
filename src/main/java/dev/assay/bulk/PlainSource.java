package dev.assay.bulk;

import dev.assay.model.FailureCode;

import java.io.IOException;
import java.util.Optional;
import java.util.function.BiFunction;

/// Inputs in which every line stands for itself: JSONL and plain text.
final class PlainSource implements LineSource {

    private final LineSplitter lines;
    private final int maxLineBytes;
    private final BiFunction<Long, String, InputLine> parse;

    /// @param maxLineBytes as the splitter was told, for the message
    PlainSource(LineSplitter lines, int maxLineBytes, BiFunction<Long, String, InputLine> parse) {
        this.lines = lines;
        this.maxLineBytes = maxLineBytes;
        this.parse = parse;
    }

    @Override
    public Optional<InputLine> next() throws IOException {
        Optional<RawLine> raw = lines.next();
        while (raw.isPresent() && raw.get() instanceof RawLine.Whole whole && whole.blank()) {
            raw = lines.next();
        }
        return raw.map(
                line ->
                        switch (line) {
                            case RawLine.TooLong tooLong -> tooLong(tooLong, maxLineBytes);
                            case RawLine.Whole whole -> parsed(whole);
                        });
    }

    private InputLine parsed(RawLine.Whole line) {
        try {
            return parse.apply(line.number(), Utf8.decode(line.bytes()));
        } catch (BadLine e) {
            return PromptLines.invalid(
                    line.number(), Optional.empty(), FailureCode.INVALID_INPUT, e.reason());
        }
    }

    static InputLine tooLong(RawLine.TooLong line, int maxLineBytes) {
        return PromptLines.invalid(
                line.number(),
                Optional.empty(),
                FailureCode.TOO_LARGE,
                "it has %,d bytes, more than the %,d allowed"
                        .formatted(line.length(), maxLineBytes));
    }
}
