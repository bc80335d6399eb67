package dev.assay.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what is wrong in one file, so that its author hears of everything at once.
final class Problems {

    private static final int MOST_REPORTED = 100;

    private final String file;
    private final List<Problem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    void add(int line, KeyPath key, String message) {
        found.add(new Problem(line, key.text(), message));
    }

    int count() {
        return found.size();
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new TopologyFileException(file, reported());
        }
    }

    /// For a problem after which reading on makes no sense.
    TopologyFileException fatal(int line, KeyPath key, String message) {
        add(line, key, message);
        return new TopologyFileException(file, reported());
    }

    private List<Problem> reported() {
        List<Problem> reported =
                found.stream().distinct().sorted(Comparator.comparingInt(Problem::line)).toList();
        if (reported.size() <= MOST_REPORTED) {
            return reported;
        }
        int left = reported.size() - MOST_REPORTED;
        List<Problem> first = new ArrayList<>(reported.subList(0, MOST_REPORTED));
        first.add(new Problem(0, "", "has " + left + " more problems; mend the first ones"));
        return first;
    }
}
