package dev.assay.model;

import java.util.ArrayList;
import java.util.List;

/// An answer with what was said of it so far.
///
/// @param sampled false where the prompt was not drawn for judges
public record Candidate(Answer answer, List<Verdict> verdicts, boolean sampled) {

    public Candidate {
        verdicts = List.copyOf(verdicts);
    }

    /// An answer nobody looked at yet.
    public static Candidate unchecked(Answer answer) {
        return new Candidate(answer, List.of(), true);
    }

    /// With one more verdict.
    public Candidate plusVerdict(Verdict verdict) {
        List<Verdict> more = new ArrayList<>(verdicts);
        more.add(verdict);
        return new Candidate(answer, more, sampled);
    }

    /// True where a rule or a comparison has failed, so that nobody else need look at it.
    public boolean failed() {
        return verdicts.stream().anyMatch(verdict -> verdict.state() == Verdict.State.FAILED);
    }
}
