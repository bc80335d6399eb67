package dev.assay.decide.assign;

import dev.assay.model.Failure;
import dev.assay.model.Plan;
import dev.assay.model.Route;

/// What assign decides for a round.
public sealed interface Assignment {

    /// These models are called.
    record Assigned(Route route, Plan plan) implements Assignment {}

    /// No model may or can be called; the failure says which constraint forbids it.
    record Refused(Failure failure) implements Assignment {}
}
