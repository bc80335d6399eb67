package dev.assay.decide.learn;

import java.util.List;

/// How a text is shaped, apart from what it says: lengths, numbers, punctuation, code.
///
/// Each value is moved and scaled by what is usual (mean and spread over grade-school sums, exam
/// questions and chat prompts), so that a usual spread is 0.2: about what one n-gram weighs in a
/// vector of length 1.
final class TextShape {

    /// Names for people, in the order of the values.
    static final List<String> NAMES =
            List.of(
                    "length",
                    "number of words",
                    "numbers",
                    "share of digits",
                    "share of capitals",
                    "share of punctuation",
                    "lines",
                    "question marks",
                    "full stops",
                    "commas",
                    "code",
                    "variety of words",
                    "length of words",
                    "amounts and percentages",
                    "share of other scripts");

    private static final float[] USUAL = {
        5.6f, 3.9f, 0.9f, 0.02f, 0.03f, 0.04f, 3f, 0.4f, 1.5f, 0.9f, 0f, 3.6f, 4.7f, 0.2f, 0f
    };
    private static final float[] SPREAD = {
        0.8f, 0.8f, 0.8f, 0.03f, 0.03f, 0.03f, 5f, 0.35f, 0.6f, 0.9f, 0.3f, 0.6f, 0.7f, 0.5f, 0.03f
    };
    private static final float SCALE = 0.2f;
    private static final float MOST = 1;
    private static final int ASCII = 128;

    private int letters;
    private int digits;
    private int numbers;
    private int capitals;
    private int punctuation;
    private int lines;
    private int questions;
    private int stops;
    private int commas;
    private int amounts;
    private int others;
    private int code;

    /// @param prefix what is looked at
    /// @param chars of the whole text
    /// @param words in the prefix
    /// @param distinctWords in the prefix
    static float[] of(CharSequence prefix, int chars, int words, int distinctWords) {
        TextShape shape = new TextShape();
        char previous = ' ';
        for (int i = 0; i < prefix.length(); i++) {
            char c = prefix.charAt(i);
            shape.see(c, previous);
            previous = c;
        }
        return shape.values(prefix.length(), chars, words, distinctWords);
    }

    private void see(char c, char previous) {
        if (c >= ASCII) {
            others++;
            return;
        }
        if (c >= 'a' && c <= 'z') {
            letters++;
        } else if (c >= 'A' && c <= 'Z') {
            letters++;
            capitals++;
        } else if (c >= '0' && c <= '9') {
            digits++;
            numbers += previous >= '0' && previous <= '9' ? 0 : 1;
        } else if (c > ' ') {
            punctuation++;
            see(c);
        } else if (c == '\n') {
            lines++;
            code += previous == ';' || previous == '{' || previous == '}' ? 1 : 0;
        }
    }

    private void see(char mark) {
        switch (mark) {
            case '?' -> questions++;
            case '.' -> stops++;
            case ',' -> commas++;
            case '$', '%' -> amounts++;
            case '`', '{', '}' -> code++;
            default -> {}
        }
    }

    private float[] values(int prefix, int chars, int words, int distinctWords) {
        float all = Math.max(1, prefix);
        float[] values = {
            log(chars),
            log(words),
            log(numbers),
            digits / all,
            capitals / all,
            punctuation / all,
            lines,
            log(questions),
            log(stops),
            log(commas),
            log(code),
            log(distinctWords),
            (letters + digits + others) / (float) Math.max(1, words),
            log(amounts),
            others / all
        };
        for (int i = 0; i < values.length; i++) {
            float scaled = SCALE * (values[i] - USUAL[i]) / SPREAD[i];
            values[i] = Math.clamp(scaled, -MOST, MOST);
        }
        return values;
    }

    private static float log(int count) {
        return (float) Math.log1p(count);
    }
}
