package dev.assay.model;

import java.util.Map;
import java.util.Optional;

/// What routes match on, and what the user wants back beside the answer.
///
/// @param route a route named by the user, which then is taken whatever the others match
public record Labels(
        Optional<String> task,
        Optional<String> tenant,
        Optional<String> route,
        Priority priority,
        Map<String, String> metadata) {

    public static final Labels NONE =
            new Labels(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Priority.INTERACTIVE,
                    Map.of());

    public Labels {
        metadata = Map.copyOf(metadata);
    }
}
