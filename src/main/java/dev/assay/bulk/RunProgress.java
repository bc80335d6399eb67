package dev.assay.bulk;

/// How far a run has come.
///
/// @param linesRead of the input, blank ones not counted
/// @param allRead the input has no further line
/// @param shareRead of the input's bytes, 0 to 1
/// @param done lines that have their row, those of earlier starts included
/// @param costUsd of all rows
public record RunProgress(
        long linesRead, boolean allRead, double shareRead, long done, long failed, double costUsd) {

    /// Lines of the whole input: known once all is read, until then reckoned from the part that is.
    /// A run that goes on reads again what is done, so for a while more is done than read.
    public long estimatedLines() {
        long reckoned = allRead || shareRead <= 0 ? linesRead : Math.round(linesRead / shareRead);
        return Math.max(reckoned, Math.max(linesRead, done));
    }
}
