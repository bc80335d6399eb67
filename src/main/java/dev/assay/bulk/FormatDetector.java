package dev.assay.bulk;

import dev.assay.codec.Json;
import dev.assay.codec.Json.UnreadableJson;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Tells the form of an input by its first bytes, and by its name only where they do not say.
final class FormatDetector {

    /// Short, and no sentence.
    private static final Pattern COLUMN = Pattern.compile("[\\p{L}\\p{N}_ ./()#%&+-]{0,64}");

    private static final Pattern JSON_ARRAY = Pattern.compile("\\[\\s*\\{.*", Pattern.DOTALL);
    private static final Pattern JSON_OBJECT = Pattern.compile("\\{\\s*[\"}].*", Pattern.DOTALL);
    private static final List<Character> SEPARATORS = List.of(',', ';', '\t');

    private FormatDetector() {}

    /// @param separator between cells; means nothing where the form is not CSV
    record Detected(InputFormat format, char separator) {}

    /// @param head the first bytes of the input, unpacked and without a byte order mark
    /// @throws InputException if it is no text that prompts could be read from
    static Detected detect(byte[] head, String name, Optional<InputFormat> forced)
            throws InputException {
        refuseUtf16(head, name);
        if (forced.filter(InputFormat.TEXT::equals).isEmpty()) {
            refuseJsonArray(head, name);
        }
        List<String> lines =
                new String(head, StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank()).toList();
        if (lines.isEmpty()) {
            throw new InputException(name + " is empty; there is no prompt in it");
        }
        Optional<Character> separator = separatorOfHeader(lines.getFirst());
        Optional<InputFormat> content =
                separator.isPresent() ? Optional.of(InputFormat.CSV) : jsonl(lines);
        if (content.isEmpty()) {
            refuseBinary(head, name);
        }
        return new Detected(
                forced.or(() -> content).orElseGet(() -> byName(name)), separator.orElse(','));
    }

    private static Optional<InputFormat> jsonl(List<String> lines) {
        return JSON_OBJECT.matcher(lines.getFirst()).matches()
                        || lines.stream().anyMatch(FormatDetector::isPrompt)
                ? Optional.of(InputFormat.JSONL)
                : Optional.empty();
    }

    /// Broken JSON must not be sent to a model as if it were a prompt, so the name has a say.
    private static InputFormat byName(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson") || plain.endsWith(".json")) {
            return InputFormat.JSONL;
        }
        return plain.endsWith(".csv") || plain.endsWith(".tsv")
                ? InputFormat.CSV
                : InputFormat.TEXT;
    }

    private static boolean isPrompt(String line) {
        if (!JSON_OBJECT.matcher(line).matches()) {
            return false;
        }
        try {
            return PromptLines.CONTENT_FIELDS.stream().anyMatch(Json.object(line)::has);
        } catch (UnreadableJson e) {
            return false;
        }
    }

    private static Optional<Character> separatorOfHeader(String line) {
        return SEPARATORS.stream().filter(separator -> isHeader(line, separator)).findFirst();
    }

    private static boolean isHeader(String line, char separator) {
        List<String> names =
                Arrays.stream(line.split(Pattern.quote(String.valueOf(separator)), -1))
                        .map(cell -> cell.strip().replaceAll("^\"(.*)\"$", "$1").strip())
                        .map(cell -> cell.toLowerCase(Locale.ROOT))
                        .toList();
        return names.stream().allMatch(COLUMN.asMatchPredicate())
                && names.stream().anyMatch(PromptLines.CONTENT_FIELDS::contains);
    }

    private static void refuseUtf16(byte[] head, String name) throws InputException {
        if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) {
            throw new InputException(
                    name
                            + " is UTF-16; make it UTF-8, for example with `iconv -f UTF-16 -t"
                            + " UTF-8`");
        }
    }

    /// A zero byte in a file that else looks like prompts is one bad line, no reason to refuse all.
    private static void refuseBinary(byte[] head, String name) throws InputException {
        for (byte b : head) {
            if (b == 0) {
                throw new InputException(
                        name
                                + " is a binary file; prompts are read from JSONL, CSV or plain"
                                + " text, gzipped or not");
            }
        }
    }

    private static void refuseJsonArray(byte[] head, String name) throws InputException {
        String text = new String(head, StandardCharsets.UTF_8).stripLeading();
        if (JSON_ARRAY.matcher(text).matches()) {
            throw new InputException(
                    name
                            + " is one JSON array; make it an object a line, for example with `jq"
                            + " -c '.[]'`");
        }
    }

    private static boolean startsWith(byte[] head, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (head.length <= i || (head[i] & 0xff) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
