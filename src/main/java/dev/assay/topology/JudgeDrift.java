package dev.assay.topology;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How far the scores of each judge have moved lately: the mean of its last scores less the mean of
/// those before, on this instance and since it started.
///
/// A judge that its provider has changed shows here, and so does one that is given other answers to
/// judge: the measure says where to look, not why. Safe for any thread.
final class JudgeDrift {

    /// Scores that make up "lately"; as many have to come before there is anything to compare.
    static final int WINDOW = 200;

    /// The memory of what was before: about so many scores.
    static final int MEMORY = 5_000;

    private final Map<String, Judge> judges = new ConcurrentHashMap<>();

    /// A judge gave a score.
    void scored(String judge, double score) {
        judges.computeIfAbsent(judge, _ -> new Judge()).add(score);
    }

    /// The drift in points of the score; no number (NaN) while there is too little to compare.
    double of(String judge) {
        Judge found = judges.get(judge);
        return found == null ? Double.NaN : found.drift();
    }

    private static final class Judge {

        private final Deque<Double> latest = new ArrayDeque<>();
        private double sum;
        private double before;
        private int countBefore;

        synchronized void add(double score) {
            latest.addLast(score);
            sum += score;
            if (latest.size() > WINDOW) {
                double oldest = latest.removeFirst();
                sum -= oldest;
                countBefore = Math.min(countBefore + 1, MEMORY);
                before += (oldest - before) / countBefore;
            }
        }

        synchronized double drift() {
            return countBefore < WINDOW ? Double.NaN : sum / latest.size() - before;
        }
    }
}
