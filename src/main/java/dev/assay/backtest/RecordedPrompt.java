package dev.assay.backtest;

import java.util.Map;
import java.util.Optional;

/// One line of a file of records: a prompt with the answers of several models and what judges said
/// of them.
///
/// @param answers by model
/// @param grades by judge
public record RecordedPrompt(
        String id,
        String text,
        Optional<String> task,
        Optional<String> reference,
        Map<String, RecordedAnswer> answers,
        Map<String, RecordedGrades> grades) {

    public RecordedPrompt {
        answers = Map.copyOf(answers);
        grades = Map.copyOf(grades);
    }

    /// The same without its task.
    RecordedPrompt withoutTask() {
        return new RecordedPrompt(id, text, Optional.empty(), reference, answers, grades);
    }

    /// True where every one of these models has an answer whose quality is known.
    boolean complete(Iterable<String> models, Quality quality) {
        for (String model : models) {
            RecordedAnswer answer = answers.get(model);
            if (answer == null || answer.quality(quality).isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
