package dev.assay.model;

/// One thing that judges look at, with a score of its own.
///
/// @param name what the judge and its verdict call it
/// @param weight its share in the grade, relative to the other criteria; above 0
/// @param description what makes an answer good by it
public record Criterion(String name, double weight, String description) {}
