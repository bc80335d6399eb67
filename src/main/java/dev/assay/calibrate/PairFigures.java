package dev.assay.calibrate;

import dev.assay.calibrate.Calibration.Said;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What scores tell of pairs, each answer scored alone.
final class PairFigures {

    private PairFigures() {}

    /// A pair with two scores.
    record Duel(Gold.Pair pair, double scoreA, double scoreB, boolean selfA, boolean selfB) {
        boolean tied() {
            return scoreA == scoreB;
        }

        boolean firstWins() {
            return scoreA > scoreB;
        }
    }

    static JudgeReport.Figures of(Gold gold, List<List<Said>> said) {
        List<Duel> duels = new ArrayList<>();
        for (int i = 0; i < said.size(); i++) {
            Said a = said.get(i).getFirst();
            Said b = said.get(i).getLast();
            if (gold.items().get(i) instanceof Gold.Pair pair
                    && a.score().isPresent()
                    && b.score().isPresent()) {
                duels.add(
                        new Duel(
                                pair,
                                a.score().getAsDouble(),
                                b.score().getAsDouble(),
                                a.self(),
                                b.self()));
            }
        }
        return duels.isEmpty() ? new JudgeReport.Nothing() : of(duels);
    }

    static JudgeReport.Pairs of(List<Duel> duels) {
        List<Duel> decided = duels.stream().filter(duel -> !duel.tied()).toList();
        double ties = (double) (duels.size() - decided.size()) / duels.size();
        double right =
                (double)
                                decided.stream()
                                        .filter(duel -> duel.firstWins() == duel.pair().first())
                                        .count()
                        / duels.size();
        List<Duel> uneven = decided.stream().filter(duel -> lengths(duel) != 0).toList();
        return new JudgeReport.Pairs(
                right + ties / 2,
                ties,
                share(uneven.stream().map(duel -> duel.firstWins() == lengths(duel) > 0).toList()),
                share(
                        uneven.stream()
                                .map(duel -> duel.pair().first() == lengths(duel) > 0)
                                .toList()),
                self(decided));
    }

    private static Optional<Double> self(List<Duel> decided) {
        List<Duel> mixed =
                decided.stream()
                        .filter(duel -> duel.selfA() != duel.selfB())
                        .filter(
                                duel ->
                                        duel.pair().a().model().isPresent()
                                                && duel.pair().b().model().isPresent())
                        .toList();
        return mixed.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        share(mixed.stream().map(duel -> duel.firstWins() == duel.selfA()).toList())
                                - share(
                                        mixed.stream()
                                                .map(duel -> duel.pair().first() == duel.selfA())
                                                .toList()));
    }

    /// Above 0 where the first answer is the longer one.
    private static int lengths(Duel duel) {
        return Integer.compare(duel.pair().a().text().length(), duel.pair().b().text().length());
    }

    private static double share(List<Boolean> flags) {
        return flags.isEmpty()
                ? 0
                : (double) flags.stream().filter(Boolean::booleanValue).count() / flags.size();
    }
}
