package dev.assay.bulk;

import java.util.OptionalLong;

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
    /// Empty while that part tells nothing: at the begin, and where a run that goes on has not yet
    /// read again all that is done.
    public OptionalLong estimatedLines() {
        if (allRead) {
            return OptionalLong.of(linesRead);
        }
        long reckoned = shareRead <= 0 ? linesRead : Math.round(linesRead / shareRead);
        return reckoned > done ? OptionalLong.of(reckoned) : OptionalLong.empty();
    }
}
