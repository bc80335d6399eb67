package dev.assay.flight;

import dev.assay.model.Priority;

/// The calls of one priority to one model.
public record Line(String model, Priority priority) {}
