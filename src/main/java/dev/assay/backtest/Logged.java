package dev.assay.backtest;

import java.util.List;

/// What was read of a running pipeline's results.
///
/// @param where they were read from, for messages
/// @param prompts that can be used
/// @param gone results whose prompt is no longer, or not wholly, kept by Kafka
/// @param together results of several models that were asked at once, so none of them first
public record Logged(String where, List<LoggedPrompt> prompts, int gone, int together) {

    public Logged {
        prompts = List.copyOf(prompts);
    }
}
