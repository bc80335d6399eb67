package dev.assay.config;

import dev.assay.model.EnsemblePick;
import dev.assay.model.Rule.Comparison;
import dev.assay.model.Strategy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what strategy `ensemble` adds to `assign`.
final class EnsembleReader {

    static final List<String> KEYS = List.of("n", "pick", "compare", "fuse", "quorum", "wait");

    /// Each is a call to pay for every prompt.
    private static final int MOST_MEMBERS = 32;

    private static final Duration SHORTEST_WAIT = Duration.ofMillis(1);
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    /// Each two answers are compared twice: 56 calls for 8 of them.
    private static final int MOST_COMPARED = 8;

    private enum Pick {
        BEST,
        PAIRWISE,
        VOTE,
        FUSE
    }

    private static final Map<String, Pick> PICKS =
            Map.of(
                    "best", Pick.BEST,
                    "pairwise", Pick.PAIRWISE,
                    "vote", Pick.VOTE,
                    "fuse", Pick.FUSE);

    private final ModelNames models;

    EnsembleReader(ModelNames models) {
        this.models = models;
    }

    /// @param chosen what `models` names
    Strategy.Ensemble read(Section assign, List<String> chosen) {
        int members = assign.integer("n", 2, MOST_MEMBERS).orElse(Math.max(1, chosen.size()));
        if (assign.field("n").isEmpty() && chosen.size() == 1) {
            assign.problem("is an ensemble of one; name more models, or set n for more samples");
        }
        Pick pick =
                assign.field("pick")
                        .flatMap(field -> field.choice(PICKS, Map.of()))
                        .orElse(Pick.BEST);
        if (pick == Pick.PAIRWISE && members > MOST_COMPARED) {
            assign.problem(
                    "compares %d answers, each two of them twice; set n to at most %d, or pick: best"
                            .formatted(members, MOST_COMPARED));
        }
        int quorum =
                assign.integer("quorum", 1, members)
                        .orElse(pick == Pick.VOTE ? majority(members) : 1);
        return new Strategy.Ensemble(
                chosen,
                members,
                pick(assign, pick),
                quorum,
                assign.duration("wait", SHORTEST_WAIT, LONGEST_WAIT));
    }

    private EnsemblePick pick(Section assign, Pick pick) {
        if (pick != Pick.FUSE) {
            assign.misplaced("fuse", "belongs to pick: fuse; leave it out, or set that");
        }
        if (pick != Pick.VOTE) {
            assign.misplaced("compare", "belongs to pick: vote; leave it out, or set that");
        }
        return switch (pick) {
            case BEST -> new EnsemblePick.Best();
            case PAIRWISE -> new EnsemblePick.Pairwise();
            case VOTE -> new EnsemblePick.Vote(comparison(assign));
            case FUSE ->
                    new EnsemblePick.Fuse(
                            assign.required("fuse", "fuse: MODEL, who makes one answer of all")
                                    .flatMap(models::one)
                                    .orElse(""));
        };
    }

    /// What of answers is compared, where the file says so.
    static Optional<Comparison> comparison(Section section) {
        return section.field("compare")
                .flatMap(field -> field.choice(RuleReader.COMPARISONS, Map.of()));
    }

    private static int majority(int members) {
        return members / 2 + 1;
    }
}
