package dev.assay.model;

/// What a model answered on its own, for comparison; kept so that later rounds need not ask again.
///
/// @param model who answered
/// @param text its whole answer
public record Opinion(String model, String text) {}
