package dev.assay.decide.check;

/// What a judge is sent.
///
/// @param system who the judge is and how it grades; the same for all answers of a route, so that
///   providers can cache it
/// @param user the material to grade
public record JudgeMessages(String system, String user) {}
