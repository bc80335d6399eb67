package dev.assay.model;

import java.util.regex.Pattern;

/// A cheap check of an answer that needs no model. A rule that fails makes the grade 0 and saves
/// the judge.
public sealed interface Rule {

    /// Its name in verdicts.
    String label();

    /// The answer is JSON that the schema accepts.
    ///
    /// @param source where the schema came from, for messages
    /// @param schemaJson the schema itself, as JSON text
    record JsonSchema(String source, String schemaJson) implements Rule {
        @Override
        public String label() {
            return "json_schema";
        }
    }

    /// The pattern is found somewhere in the answer.
    record Regex(Pattern pattern) implements Rule {
        @Override
        public String label() {
            return "regex";
        }
    }

    /// The answer has no more characters (Unicode code points).
    record MaxChars(int max) implements Rule {
        @Override
        public String label() {
            return "max_chars";
        }
    }

    /// The final answer equals that of the reference; skipped for a prompt without one.
    record EqualsReference(Comparison comparison) implements Rule {
        @Override
        public String label() {
            return "equals_reference";
        }
    }

    /// What of two texts is compared.
    enum Comparison {
        /// The last number in each.
        NUMBER,
        /// The chosen option letter.
        CHOICE,
        /// The whole text, without case, punctuation and extra space.
        TEXT
    }
}
