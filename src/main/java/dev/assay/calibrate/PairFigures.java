package dev.assay.calibrate;

import dev.assay.calibrate.Calibration.Compared;
import dev.assay.calibrate.Calibration.Said;
import dev.assay.model.Preference.Choice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What scores tell of pairs, each answer scored alone.
final class PairFigures {

    /// What a tie is worth.
    private static final double TIE = 0.5;

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

    /// @param compared of each line, in order
    static JudgeReport.Figures of(Gold gold, List<List<Said>> said, List<Compared> compared) {
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
        List<Boolean> firstIsBetter = new ArrayList<>();
        for (Gold.Item item : gold.items()) {
            firstIsBetter.add(item instanceof Gold.Pair pair && pair.first());
        }
        return duels.isEmpty()
                ? new JudgeReport.Nothing()
                : of(duels, order(compared, firstIsBetter));
    }

    static JudgeReport.Pairs of(List<Duel> duels, Optional<JudgeReport.Order> order) {
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
                self(decided),
                order);
    }

    /// What comparisons in both orders tell.
    ///
    /// @param firstIsBetter of each line, whether its first answer is the better one
    static Optional<JudgeReport.Order> order(List<Compared> compared, List<Boolean> firstIsBetter) {
        int read = 0;
        int won = 0;
        int wonByFirst = 0;
        int both = 0;
        int flips = 0;
        double right = 0;
        for (int i = 0; i < compared.size(); i++) {
            Compared one = compared.get(i);
            for (boolean swapped : new boolean[] {false, true}) {
                Optional<Choice> choice = swapped ? one.ba() : one.ab();
                if (choice.isPresent()) {
                    read++;
                    boolean tie = choice.get() == Choice.TIE;
                    boolean first = choice.get() == Choice.FIRST;
                    won += tie ? 0 : 1;
                    wonByFirst += first ? 1 : 0;
                    boolean named = (first != swapped) == firstIsBetter.get(i);
                    right += tie ? TIE : named ? 1 : 0;
                }
            }
            if (one.ab().isPresent() && one.ba().isPresent()) {
                both++;
                boolean same = one.ab().get() == one.ba().get();
                flips += same && one.ab().get() != Choice.TIE ? 1 : 0;
            }
        }
        return read == 0
                ? Optional.empty()
                : Optional.of(
                        new JudgeReport.Order(
                                right / read,
                                won == 0 ? TIE : (double) wonByFirst / won,
                                both == 0 ? 0 : (double) flips / both,
                                read / (2.0 * compared.size())));
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
