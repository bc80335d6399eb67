package dev.assay.decide.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a text says that was asked for as a JSON object with its reasoning and its answer.
///
/// Models write JSON that no parser takes, with quotation marks and line breaks in its strings, so
/// the answer is looked for by its key.
final class JsonAnswer {

    /// A JSON object, in a code block or not.
    private static final Pattern BEGIN = Pattern.compile("\\s*+(?:```\\w*+\\s*+)?+\\{\\s*+\"");

    private static final Pattern ANSWER =
            Pattern.compile(
                    "\"(?i:final[_ ]?)?(?i:answer)\"\\s*+:\\s*+(?:\"((?:[^\"\\\\]|\\\\(?s:.))*+)\"|([^\\s,}]++))");

    private static final Pattern ESCAPE = Pattern.compile("\\\\(.)", Pattern.DOTALL);

    private JsonAnswer() {}

    /// The value of the last `answer` or `final_answer`; nothing where the object was cut off
    /// before it came, and the whole text where it is no such object.
    static String said(String text) {
        if (!BEGIN.matcher(text).lookingAt()) {
            return text;
        }
        String said = text.lastIndexOf('}') < 0 ? "" : text;
        Matcher matcher = ANSWER.matcher(text);
        while (matcher.find()) {
            String quoted = matcher.group(1);
            said = quoted == null ? matcher.group(2) : unescaped(quoted);
        }
        return said;
    }

    /// A JSON string without its escapes, but for characters that stand there by their number.
    private static String unescaped(String string) {
        return ESCAPE.matcher(string)
                .replaceAll(
                        match ->
                                Matcher.quoteReplacement(
                                        switch (match.group(1)) {
                                            case "n", "r", "t", "b", "f" -> " ";
                                            case "u" -> "\\u";
                                            default -> match.group(1);
                                        }));
    }
}
