package dev.assay.calibrate;

import java.util.List;
import java.util.Optional;

/// What a calibration measures judges against.
///
/// @param name of the file, for people
public record Gold(String name, List<Item> items) {

    public Gold {
        items = List.copyOf(items);
    }

    /// One line of the file.
    public sealed interface Item {

        /// The number of its line.
        long line();

        String prompt();

        Optional<String> reference();

        /// The answers to judge, in the order of the line.
        List<GoldAnswer> answers();
    }

    /// An answer with a label.
    ///
    /// @param label how good it is, 0 to 10
    public record Labelled(
            long line, String prompt, Optional<String> reference, GoldAnswer answer, double label)
            implements Item {
        @Override
        public List<GoldAnswer> answers() {
            return List.of(answer);
        }
    }

    /// Two answers, of which one is the better.
    ///
    /// @param first true where the first is
    public record Pair(
            long line,
            String prompt,
            Optional<String> reference,
            GoldAnswer a,
            GoldAnswer b,
            boolean first)
            implements Item {
        @Override
        public List<GoldAnswer> answers() {
            return List.of(a, b);
        }
    }

    /// An answer to judge.
    ///
    /// @param model who wrote it, where the file says so
    public record GoldAnswer(String text, Optional<String> model) {}
}
