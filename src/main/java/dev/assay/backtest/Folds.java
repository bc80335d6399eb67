package dev.assay.backtest;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Deals prompts into folds of nearly equal size, at random by a seed. What is learned on all folds
/// but one is scored on that one.
final class Folds {

    private final int[] order;
    private final int[] foldOf;
    private final int count;

    Folds(int prompts, int count, long seed) {
        order = IntStream.range(0, prompts).toArray();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = prompts - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        this.foldOf = new int[prompts];
        this.count = Math.max(1, Math.min(count, prompts));
        for (int i = 0; i < prompts; i++) {
            foldOf[order[i]] = i % this.count;
        }
    }

    int count() {
        return count;
    }

    /// Prompts to learn from for this fold, mixed: a file may be sorted by subject, and a learner
    /// judges itself by what comes next.
    int[] training(int fold) {
        return IntStream.of(order).filter(i -> foldOf[i] != fold).toArray();
    }

    /// Prompts that this fold is scored on, in the file's order.
    int[] test(int fold) {
        return IntStream.range(0, foldOf.length).filter(i -> foldOf[i] == fold).toArray();
    }
}
