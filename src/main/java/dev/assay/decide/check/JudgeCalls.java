package dev.assay.decide.check;

import dev.assay.decide.assign.Routes;
import dev.assay.decide.check.Judges.Judge;
import dev.assay.model.Call;
import dev.assay.model.Candidate;
import dev.assay.model.Panel;
import dev.assay.model.Plan;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.Verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Opens calls to judges: to one after the other until one gives a score, or to all of a panel at
/// once. Judges that may not be asked, or cannot be paid, are noted as that.
final class JudgeCalls {

    private final Routes routes;
    private final Bench bench;

    JudgeCalls(Routes routes, Bench bench) {
        this.routes = routes;
        this.bench = bench;
    }

    /// Opens the first calls for a candidate.
    ///
    /// @param index of the candidate
    PromptState begin(PromptState state, int index, Instant now) {
        Candidate candidate = state.candidates().get(index);
        PromptState noted = note(state, index, bench.passedOver(state, candidate).toList());
        return panel(state).kind() == Panel.Kind.FIRST
                ? askNext(noted, index, now)
                : convene(noted, index, now);
    }

    /// Opens a call to the first judge that has not spoken on this candidate yet, if there is one.
    PromptState askNext(PromptState state, int index, Instant now) {
        Candidate candidate = state.candidates().get(index);
        Optional<Judge> judge = bench.unasked(state, candidate).stream().findFirst();
        if (judge.isEmpty()) {
            return state;
        }
        if (!bench.affords(state, candidate, judge.get().model())) {
            return askNext(note(state, index, List.of(tooDear(judge.get()))), index, now);
        }
        return ask(state, new Seat(0, index), judge.get(), now);
    }

    /// Opens a call to every judge of the panel that the budget can bear, or to none where it
    /// cannot bear the quorum.
    private PromptState convene(PromptState state, int index, Instant now) {
        Candidate candidate = state.candidates().get(index);
        List<Judge> judges = bench.unasked(state, candidate);
        List<Verdict> tooDear = new ArrayList<>();
        PromptState convened = state;
        for (int seat = 0; seat < judges.size(); seat++) {
            Judge judge = judges.get(seat);
            if (bench.affords(convened, candidate, judge.model())) {
                convened = ask(convened, new Seat(seat, index), judge, now);
            } else {
                tooDear.add(tooDear(judge));
            }
        }
        boolean quorate = judges.size() - tooDear.size() >= panel(state).needed(judges.size());
        return quorate
                ? note(convened, index, tooDear)
                : note(state, index, judges.stream().map(JudgeCalls::tooDear).toList());
    }

    private static PromptState ask(PromptState state, Seat seat, Judge judge, Instant now) {
        List<Call> calls = new ArrayList<>(state.calls());
        Plan.Pick pick = new Plan.Pick(judge.model(), 1, "judge");
        calls.add(Call.first(seat.slot(), Purpose.CHECK, pick, now));
        return state.withCalls(calls);
    }

    private static Verdict tooDear(Judge judge) {
        return Verdict.unavailable(
                judge.model(), "asking it may exceed the prompt's budget", judge.self());
    }

    private Panel panel(PromptState state) {
        return routes.require(state).check().panel();
    }

    /// Adds verdicts to those on a candidate.
    static PromptState note(PromptState state, int index, List<Verdict> more) {
        Candidate candidate = state.candidates().get(index);
        List<Verdict> verdicts = new ArrayList<>(candidate.verdicts());
        verdicts.addAll(more);
        List<Candidate> candidates = new ArrayList<>(state.candidates());
        candidates.set(index, new Candidate(candidate.answer(), verdicts, candidate.sampled()));
        return state.withCandidates(candidates);
    }
}
