package dev.assay.decide.check;

import dev.assay.model.Rule.Comparison;

import java.util.List;
import java.util.Optional;

/// The final answers of several texts that answer the same question, read so that they can be
/// compared.
final class FinalAnswers {

    /// A longer text is an essay, and equals no other.
    static final int MAX_SHORT_CHARS = 200;

    private FinalAnswers() {}

    /// The final answer of each text, in their order; empty where it has none that can be told.
    ///
    /// @param by what is compared. Where empty: option letters where more than half of the texts
    ///   choose one, else numbers where more than half of them hold one, else whole texts that are
    ///   short
    static List<Optional<String>> of(Optional<Comparison> by, List<String> texts) {
        if (by.isPresent()) {
            return read(by.get(), texts);
        }
        List<Optional<String>> choices = read(Comparison.CHOICE, texts);
        if (mostHaveOne(choices)) {
            return choices;
        }
        List<Optional<String>> numbers = read(Comparison.NUMBER, texts);
        return mostHaveOne(numbers)
                ? numbers
                : read(Comparison.TEXT, texts).stream()
                        .map(answer -> answer.filter(text -> text.length() <= MAX_SHORT_CHARS))
                        .toList();
    }

    private static List<Optional<String>> read(Comparison comparison, List<String> texts) {
        return texts.stream().map(text -> FinalAnswer.of(comparison, text)).toList();
    }

    private static boolean mostHaveOne(List<Optional<String>> answers) {
        return 2 * answers.stream().filter(Optional::isPresent).count() > answers.size();
    }
}
