package dev.assay.model;

/// When a slow call gets a second try beside it.
///
/// @param quantile how slow it must be: slower than this share, 0 to 1, of the model's calls
/// @param maxShare the most second tries for a call begun, 0 to 1
public record HedgePolicy(double quantile, double maxShare) {}
