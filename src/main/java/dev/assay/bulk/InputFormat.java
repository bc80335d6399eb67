package dev.assay.bulk;

import java.util.Locale;

/// The forms in which a file holds prompts.
public enum InputFormat {
    /// A JSON object a line: OpenAI batch lines or prompts, told apart line by line.
    JSONL,
    /// A header that names the columns, then a record a prompt.
    CSV,
    /// A prompt a line.
    TEXT;

    /// As it is written on the command line.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
