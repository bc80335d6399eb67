package dev.assay.model;

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
}
