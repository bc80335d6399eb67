package dev.assay.decide.learn;

/// What a model is expected to get for one prompt.
///
/// @param mean expected grade, 0 to 10
/// @param sd how far off the mean may be, in grades: falls as grades come in
/// @param observations weight of the grades of this model that it rests on; 0 is a guess from the
///   other models
public record Prediction(double mean, double sd, double observations) {}
