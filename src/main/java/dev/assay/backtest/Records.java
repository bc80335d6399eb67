package dev.assay.backtest;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/// The records of a backtest: of each prompt the part that the policy can meet.
///
/// @param prompts in the file's order
/// @param models all models that have answers in the file, wanted or not
/// @param judges all judges that have grades in the file, wanted or not
public record Records(
        String name,
        List<RecordedPrompt> prompts,
        SortedSet<String> models,
        SortedSet<String> judges) {

    public Records {
        prompts = List.copyOf(prompts);
    }

    /// The same without the prompts' tasks.
    Records withoutTasks() {
        return new Records(
                name, prompts.stream().map(RecordedPrompt::withoutTask).toList(), models, judges);
    }

    /// What of the records is kept; the rest is read and let go.
    ///
    /// @param models whose answers are kept
    /// @param judges whose grades are kept
    /// @param texts whether the answers' texts are kept
    public record Wanted(Set<String> models, Set<String> judges, boolean texts) {

        public Wanted {
            models = Set.copyOf(models);
            judges = Set.copyOf(judges);
        }

        /// The same with the grades of one more judge.
        Wanted withJudge(String judge) {
            Set<String> more = new HashSet<>(judges);
            more.add(judge);
            return new Wanted(models, more, texts);
        }
    }
}
