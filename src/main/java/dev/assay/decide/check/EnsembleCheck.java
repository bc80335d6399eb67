package dev.assay.decide.check;

import dev.assay.model.Attempt;
import dev.assay.model.Ballot;
import dev.assay.model.Candidate;
import dev.assay.model.EnsemblePick;
import dev.assay.model.Plan;
import dev.assay.model.PromptState;
import dev.assay.model.Rule.Comparison;
import dev.assay.model.Strategy.Ensemble;
import dev.assay.model.Verdict;
import dev.assay.model.Verdict.State;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What becomes of the answers of an ensemble's members once the rules have looked at them: which
/// of them judges see, and whether enough of them came.
///
/// A vote is a plurality over final answers. Members whose answer fails a rule, or holds no final
/// answer that can be told, have no vote. Of equals, and among members that say the same, the one
/// whose model is best as far as is known now counts. Where fewer votes or answers came than the
/// quorum, the verdict says so, and the answer does not pass.
final class EnsembleCheck {

    static final String QUORUM = "quorum";

    private static final int MAX_QUOTE_CHARS = 80;

    private EnsembleCheck() {}

    /// The candidates that go on to be judged.
    ///
    /// @param state with what the rules said of its candidates
    /// @param ranking models, the best last
    static PromptState settle(PromptState state, Ensemble ensemble, List<String> ranking) {
        List<Candidate> ranked = ranked(state, ranking);
        return switch (ensemble.pick()) {
            case EnsemblePick.Vote vote -> elect(state, ranked, vote.by(), ensemble.quorum());
            case EnsemblePick.Best _, EnsemblePick.Pairwise _, EnsemblePick.Fuse _ ->
                    state.withCandidates(quorate(ranked, answered(state), ensemble.quorum()));
        };
    }

    /// The models that answered, as the plan has them; those who only took over are before all
    /// picks.
    static List<String> models(PromptState state) {
        List<String> picks =
                state.plan().map(Plan::picks).orElse(List.of()).stream()
                        .map(Plan.Pick::model)
                        .distinct()
                        .toList();
        Stream<String> others =
                state.candidates().stream()
                        .map(candidate -> candidate.answer().model())
                        .filter(model -> !picks.contains(model))
                        .distinct();
        return Stream.concat(others, picks.stream()).toList();
    }

    /// Whichever answer came first, the best model's are last.
    private static List<Candidate> ranked(PromptState state, List<String> ranking) {
        return state.candidates().stream()
                .sorted(
                        Comparator.<Candidate>comparingInt(
                                        candidate -> ranking.indexOf(candidate.answer().model()))
                                .thenComparingInt(candidate -> candidate.answer().attempt()))
                .toList();
    }

    private static PromptState elect(
            PromptState state, List<Candidate> members, Optional<Comparison> by, int quorum) {
        List<Candidate> electors = members.stream().filter(member -> !member.failed()).toList();
        List<String> texts =
                electors.stream().map(member -> member.answer().completion().text()).toList();
        List<Optional<String>> said = FinalAnswers.of(by, texts);
        Map<String, Long> votes =
                said.stream()
                        .flatMap(Optional::stream)
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        long most = votes.values().stream().mapToLong(Long::longValue).max().orElse(0);
        long cast = votes.values().stream().mapToLong(Long::longValue).sum();
        Optional<String> elected =
                said.reversed().stream()
                        .flatMap(Optional::stream)
                        .filter(answer -> votes.getOrDefault(answer, 0L) == most)
                        .findFirst();
        Candidate winner =
                elected.map(answer -> electors.get(said.lastIndexOf(Optional.of(answer))))
                        .orElse((electors.isEmpty() ? members : electors).getLast());
        boolean clear = votes.values().stream().filter(count -> count == most).count() == 1;
        return state.withBallots(clear ? ballots(electors, said, elected) : List.of())
                .withCandidates(
                        List.of(
                                winner.plusVerdict(
                                        verdict(elected, most, members.size(), cast, quorum))));
    }

    private static List<Ballot> ballots(
            List<Candidate> electors, List<Optional<String>> said, Optional<String> elected) {
        List<Ballot> ballots = new ArrayList<>();
        for (int index = 0; index < electors.size(); index++) {
            if (said.get(index).isPresent()) {
                ballots.add(
                        new Ballot(
                                electors.get(index).answer().attempt(),
                                said.get(index).equals(elected)));
            }
        }
        return ballots;
    }

    private static Verdict verdict(
            Optional<String> elected, long most, int members, long cast, int quorum) {
        String reason =
                elected.map(answer -> Texts.first(MAX_QUOTE_CHARS, answer))
                        .map(answer -> "%d of %d answers say `%s`".formatted(most, members, answer))
                        .orElse(
                                "none of %d answers holds a final answer that can be told"
                                        .formatted(members));
        return cast >= quorum
                ? Verdict.compared(Ballot.VOTE, State.PASSED, reason)
                : Verdict.compared(Ballot.VOTE, State.FAILED, reason + shortOf(cast, quorum));
    }

    private static List<Candidate> quorate(List<Candidate> members, long came, int quorum) {
        if (came >= quorum) {
            return members;
        }
        String reason = (came == 1 ? "1 answer" : came + " answers") + " came";
        Verdict failed = Verdict.compared(QUORUM, State.FAILED, reason + shortOf(came, quorum));
        return members.stream().map(member -> member.plusVerdict(failed)).toList();
    }

    private static String shortOf(long cast, int quorum) {
        return "; the quorum is %d, and %d count".formatted(quorum, cast);
    }

    private static long answered(PromptState state) {
        return state.attempts().stream()
                .filter(attempt -> attempt.round() == state.round())
                .filter(attempt -> attempt.status().equals(Attempt.ANSWERED))
                .count();
    }
}
