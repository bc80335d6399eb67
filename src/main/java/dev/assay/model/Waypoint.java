package dev.assay.model;

/// What travels between the stations of the road: a prompt under way, or its end.
public sealed interface Waypoint permits PromptState, Result {}
