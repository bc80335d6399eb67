package dev.assay.decide.check;

import dev.assay.model.Rule;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an answer finally says, in a form in which equal answers are equal strings.
///
/// Reading an answer is guesswork, so where a text is ambiguous it holds nothing rather than
/// something wrong. The same reading is done to answer and reference.
public final class FinalAnswer {

    private static final String BOXED = "\\boxed{";

    /// Numbers and letters are looked for in no more than the end of a text, which bounds the work.
    private static final int MAX_END_CHARS = 50_000;

    /// Punctuation but for what tells short answers apart: a minus sign (-5), what stands inside a
    /// number (3.14) and what ends a name (C#).
    private static final Pattern PUNCTUATION =
            Pattern.compile(
                    "(?!(?<![\\p{L}\\p{N}])-(?=\\p{N}))(?!(?<=\\p{N})[.,:/](?=\\p{N}))(?!(?<=\\p{L})#)\\p{P}");

    private static final Pattern APOSTROPHE = Pattern.compile("(?<=\\p{L})['’](?=\\p{L})");
    private static final Pattern SPACE = Pattern.compile("[\\s\\p{Z}]++");

    private FinalAnswer() {}

    /// The final answer of a text; empty where it has none that can be told. Of a JSON object that
    /// has an `answer`, its value is read.
    public static Optional<String> of(Rule.Comparison comparison, String whole) {
        String text = JsonAnswer.said(whole);
        return switch (comparison) {
            case NUMBER -> number(text);
            case CHOICE -> choice(text);
            case TEXT -> text(text);
        };
    }

    /// The number behind `####` or in `\boxed{}` where the text marks one, else its last number.
    ///
    /// Currency and percent signs, thousands separators and trailing zeros are dropped (`$1,000.00`
    /// is `1000`, `50%` is `50`), fractions and mixed numbers worked out (`1 1/2` is `1.5`) or,
    /// where that never ends, reduced (`2/6` is `1/3`). Units, powers written as products, and
    /// ratios are not understood.
    public static Optional<String> number(String text) {
        return FinalNumber.in(end(text));
    }

    /// The letter A to E that the text chooses: in `\boxed{}`, after "the answer is" or "answer:",
    /// alone, alone in the last line, or the only one that begins a line (`B. four`) or is named as
    /// an option (`option B`, `(B)`).
    public static Optional<String> choice(String text) {
        return FinalChoice.in(end(text));
    }

    /// The whole text without case, compatibility forms, punctuation and extra space.
    public static Optional<String> text(String text) {
        String folded =
                Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT).strip();
        String bare =
                PUNCTUATION.matcher(APOSTROPHE.matcher(folded).replaceAll("")).replaceAll(" ");
        String spaced = SPACE.matcher(bare).replaceAll(" ").strip();
        return Optional.of(spaced.isEmpty() ? folded : spaced).filter(found -> !found.isEmpty());
    }

    private static String end(String text) {
        return text.substring(Math.max(0, text.length() - MAX_END_CHARS));
    }

    /// What stands in the last `\boxed{}` of a text.
    static Optional<String> boxed(String text) {
        int from = text.lastIndexOf(BOXED);
        if (from < 0) {
            return Optional.empty();
        }
        int depth = 1;
        int start = from + BOXED.length();
        for (int i = start; i < text.length(); i++) {
            depth +=
                    switch (text.charAt(i)) {
                        case '{' -> 1;
                        case '}' -> -1;
                        default -> 0;
                    };
            if (depth == 0) {
                return Optional.of(text.substring(start, i));
            }
        }
        return Optional.empty();
    }
}
