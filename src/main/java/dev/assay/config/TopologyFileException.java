package dev.assay.config;

import java.util.List;
import java.util.stream.Collectors;

/// A topology file that cannot be used, with everything that is wrong in it. Its message has one
/// line for each problem.
public final class TopologyFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    TopologyFileException(String file, List<Problem> problems) {
        super(
                problems.stream()
                        .map(problem -> problem.render(file))
                        .collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /// What is wrong, in the order of the file; at least one.
    public List<Problem> problems() {
        return problems;
    }
}
