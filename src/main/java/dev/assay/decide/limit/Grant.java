package dev.assay.decide.limit;

/// The leave to make one call, to be given back with what came of it.
///
/// @param number of calls that began before it
/// @param tokensBefore reserved for them
/// @param tokens reserved for this one
/// @param perSecond at which rate calls began, this one included
public record Grant(
        long number, double tokensBefore, Demand demand, double tokens, double perSecond) {}
