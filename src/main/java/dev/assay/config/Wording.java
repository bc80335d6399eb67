package dev.assay.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// How messages speak of what stands in a file.
final class Wording {

    private static final int LONGEST_SHOWN = 60;

    private Wording() {}

    /// A text of the file in back quotes.
    static String quoted(String written) {
        return "`" + shown(written) + "`";
    }

    /// A text of the file on one line, shortened, without control characters.
    static String shown(String written) {
        String oneLine = written.replaceAll("\\p{Cntrl}+", " ");
        int characters = oneLine.codePointCount(0, oneLine.length());
        return characters <= LONGEST_SHOWN
                ? oneLine
                : oneLine.substring(0, oneLine.offsetByCodePoints(0, LONGEST_SHOWN)) + "…";
    }

    /// Names one after the other, as `a, b, c`.
    static String list(Collection<String> names) {
        return String.join(", ", names);
    }

    /// ` (did you mean x?)` where one of the words is nearly the one written, else nothing.
    static String suggestion(String written, Collection<String> words) {
        return nearest(written, words).map(word -> " (did you mean " + word + "?)").orElse("");
    }

    private static Optional<String> nearest(String written, Collection<String> words) {
        String plain = plain(written);
        Optional<String> best = Optional.empty();
        int bestDistance = 1 + Math.min(2, plain.length() / 3);
        for (String word : words) {
            int distance = distance(plain, plain(word), bestDistance);
            if (distance < bestDistance) {
                best = Optional.of(word);
                bestDistance = distance;
            }
        }
        return best;
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    /// Damerau's and Levenshtein's distance (optimal string alignment): insertions, deletions,
    /// substitutions and swaps of neighbours.
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        int[][] steps = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                steps[i][j] = i == 0 || j == 0 ? i + j : step(a, b, steps, i, j);
            }
        }
        return steps[a.length()][b.length()];
    }

    private static int step(String a, String b, int[][] steps, int i, int j) {
        int substituted = steps[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int shifted = 1 + Math.min(steps[i - 1][j], steps[i][j - 1]);
        boolean swapped =
                i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1);
        int best = Math.min(substituted, shifted);
        return swapped ? Math.min(best, steps[i - 2][j - 2] + 1) : best;
    }
}
