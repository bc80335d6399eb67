package dev.assay.provider.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The words of simulated answers. The first words tell how good an answer is, so that a simulated
/// judge can tell too.
final class AnswerText {

    static final int BEST_LEVEL = 10;

    private static final String MARK = "My answer, ";

    /// From level 1 to level 10.
    private static final List<String> OPENINGS =
            List.of(
                    "which is little more than a guess:",
                    "though I doubt most of it:",
                    "with large gaps:",
                    "only partly worked out:",
                    "roughly sketched:",
                    "mostly worked out:",
                    "worked out with small omissions:",
                    "worked out and checked:",
                    "checked step by step:",
                    "checked step by step and confirmed in another way:");

    private static final List<String> SENTENCES =
            List.of(
                    "The question comes down to a few quantities, and it helps to name them first.",
                    "Start from what is given and write down what follows from it directly.",
                    "The first condition rules out most of the cases at once.",
                    "What remains can be done in two steps, each of which is simple.",
                    "A sketch of the relation between the parts makes the next step clear.",
                    "The intermediate result agrees with a rough estimate.",
                    "One detail is easy to miss: the order matters here.",
                    "Taken together, these points settle the main part of the question.",
                    "The remaining term is small and does not change the conclusion.",
                    "A quick check with an extreme case gives what one would expect.",
                    "The same result follows when the argument is run backwards.",
                    "There are other ways to get there, but this one is the shortest.");

    private static final int FEWEST_SENTENCES = 3;
    private static final int MOST_SENTENCES = 9;

    private AnswerText() {}

    /// @param level from 1 to 10
    /// @param finalAnswer a number, by which answers can be compared
    static String write(int level, int finalAnswer, Draw draw) {
        StringBuilder text = new StringBuilder(MARK).append(OPENINGS.get(level - 1));
        int sentences = FEWEST_SENTENCES + draw.below(MOST_SENTENCES - FEWEST_SENTENCES + 1);
        for (int i = 0; i < sentences; i++) {
            text.append(' ').append(SENTENCES.get(draw.with(i).below(SENTENCES.size())));
        }
        return text.append(" The answer is ").append(finalAnswer).append('.').toString();
    }

    /// The level of the last simulated answer in a text.
    static OptionalInt lastLevel(String text) {
        int mark = text.lastIndexOf(MARK);
        return mark < 0 ? OptionalInt.empty() : levelAt(text, mark);
    }

    /// The levels of the simulated answers in a text, in their order.
    static List<Integer> levels(String text) {
        List<Integer> levels = new ArrayList<>();
        for (int mark = text.indexOf(MARK); mark >= 0; mark = text.indexOf(MARK, mark + 1)) {
            levelAt(text, mark).ifPresent(levels::add);
        }
        return levels;
    }

    /// The level of the best simulated answer in a text.
    static OptionalInt bestLevel(String text) {
        int best = 0;
        for (int mark = text.indexOf(MARK); mark >= 0; mark = text.indexOf(MARK, mark + 1)) {
            best = Math.max(best, levelAt(text, mark).orElse(0));
        }
        return best == 0 ? OptionalInt.empty() : OptionalInt.of(best);
    }

    private static OptionalInt levelAt(String text, int mark) {
        for (int level = 1; level <= BEST_LEVEL; level++) {
            if (text.startsWith(OPENINGS.get(level - 1), mark + MARK.length())) {
                return OptionalInt.of(level);
            }
        }
        return OptionalInt.empty();
    }
}
