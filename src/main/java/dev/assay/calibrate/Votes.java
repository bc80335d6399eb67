package dev.assay.calibrate;

import java.util.List;
import java.util.Map;

/// What judges said of pairs on record, each asked in both orders.
///
/// @param name of the file, for people
/// @param judges in all lines
/// @param lines at least two
public record Votes(String name, List<String> judges, List<Line> lines) {

    /// What a judge was right that changed its mind with the order.
    static final double TIE = 0.5;

    public Votes {
        judges = List.copyOf(judges);
        lines = List.copyOf(lines);
    }

    /// A pair.
    ///
    /// @param group of pairs that it belongs to; each group counts alike
    /// @param right by judge, how far it was right: 1 in both orders, 0 in neither, 0.5 where the
    ///   order decided (a flip counts as a tie)
    public record Line(String group, Map<String, Double> right) {
        public Line {
            right = Map.copyOf(right);
        }

        double right(String judge) {
            return right.getOrDefault(judge, TIE);
        }
    }
}
