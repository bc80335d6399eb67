package dev.assay.decide.learn;

/// A feature of a prompt and how many points it adds to the grade expected of a model.
public record Reason(String feature, double points) {}
