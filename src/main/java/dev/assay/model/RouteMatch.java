package dev.assay.model;

import java.util.List;
import java.util.OptionalInt;

/// Which prompts a route takes; an empty list or absent bound is anything. Bounds are inclusive.
public record RouteMatch(
        List<String> tasks, List<String> tenants, OptionalInt minChars, OptionalInt maxChars) {

    public static final RouteMatch ANYTHING =
            new RouteMatch(List.of(), List.of(), OptionalInt.empty(), OptionalInt.empty());

    public RouteMatch {
        tasks = List.copyOf(tasks);
        tenants = List.copyOf(tenants);
    }
}
