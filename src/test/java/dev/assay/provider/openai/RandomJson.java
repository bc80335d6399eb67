package dev.assay.provider.openai;

import java.util.Random;

/// JSON objects of all shapes, small and larger than a parser's buffer, spaced as people and
/// programs do.
final class RandomJson {

    private static final int DEEPEST = 4;
    private static final String[] SPACES = {"", "", " ", "\n\t", "\r\n  "};
    private static final String[] CHARS = {
        "a", "é", "😀", "\\n", "\\\"", "\\u00e9", "\\\\", "]", "}", ",", ":", " "
    };

    private final Random random;

    private RandomJson(Random random) {
        this.random = random;
    }

    /// The fields of an object, without its braces.
    static String fields(Random random) {
        return new RandomJson(random).fields(0);
    }

    private String fields(int depth) {
        StringBuilder json = new StringBuilder(space());
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "" : "," + space());
            json.append('"').append("k").append(i).append(text(3)).append('"');
            json.append(space())
                    .append(':')
                    .append(space())
                    .append(value(depth + 1))
                    .append(space());
        }
        return json.toString();
    }

    private String value(int depth) {
        return switch (random.nextInt(depth < DEEPEST ? 8 : 6)) {
            case 0 -> "null";
            case 1 -> random.nextBoolean() ? "true" : "false";
            case 2 -> Integer.toString(random.nextInt());
            case 3 -> random.nextInt(1000) + ".50e-" + random.nextInt(9);
            case 4 -> '"' + text(20) + '"';
            case 5 -> '"' + text(random.nextInt(20) == 0 ? 40_000 : 200) + '"';
            case 6 -> "[" + space() + value(depth + 1) + space() + "," + value(depth + 1) + "]";
            default -> "{" + fields(depth + 1) + "}";
        };
    }

    private String text(int longest) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(longest);
        for (int i = 0; i < length; i++) {
            text.append(CHARS[random.nextInt(CHARS.length)]);
        }
        return text.toString();
    }

    private String space() {
        return SPACES[random.nextInt(SPACES.length)];
    }
}
