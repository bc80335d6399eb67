package dev.assay.backtest;

import java.util.Optional;
import java.util.OptionalDouble;

/// One model's answer to a prompt, as it is on record.
///
/// @param text empty where none was recorded, or nothing looks at it
/// @param costUsd what it cost, where the record says so; else tokens and prices tell
/// @param correct 1 where it is right, 0 where it is wrong; empty where nobody knows
/// @param score 1 to 10; empty where nobody gave one
public record RecordedAnswer(
        Optional<String> text,
        long inputTokens,
        long outputTokens,
        OptionalDouble costUsd,
        OptionalDouble correct,
        OptionalDouble score) {

    /// How good it is by this measure, where that is on record.
    public OptionalDouble quality(Quality quality) {
        return switch (quality) {
            case CORRECT -> correct;
            case SCORE -> score;
        };
    }
}
