package dev.assay.http.openai;

/// What has become of a batch's lines so far.
///
/// @param completed lines that were answered, whatever the grade
/// @param flagged those of them whose answer did not pass
/// @param failed lines that have no answer
/// @param leftOut those of them that nothing was done about, since the batch had to end
/// @param inputTokens of the answers that were returned, and so all tokens here
/// @param answerUsd for all answers, those that were not returned too
record BatchCounts(
        long total,
        long completed,
        long flagged,
        long failed,
        long leftOut,
        long inputTokens,
        long cachedInputTokens,
        long outputTokens,
        long reasoningTokens,
        double answerUsd,
        double checkUsd) {

    static BatchCounts of(long total) {
        return new BatchCounts(total, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }
}
