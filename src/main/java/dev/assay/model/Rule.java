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

    /// The answer has so many of something.
    ///
    /// @param label the key of the topology file, as `min_words`
    record Count(String label, Unit unit, int least, int most) implements Rule {}

    /// The text stands somewhere in the answer, case aside.
    record Contains(String text) implements Rule {
        @Override
        public String label() {
            return "contains";
        }
    }

    /// The text stands nowhere in the answer, case aside.
    record Excludes(String text) implements Rule {
        @Override
        public String label() {
            return "excludes";
        }
    }

    /// The answer begins with the text, white space aside.
    record StartsWith(String text) implements Rule {
        @Override
        public String label() {
            return "starts_with";
        }
    }

    /// The answer ends with the text, white space aside.
    record EndsWith(String text) implements Rule {
        @Override
        public String label() {
            return "ends_with";
        }
    }

    /// All letters of the answer that have cases are in this one.
    record Cased(Case wanted) implements Rule {
        @Override
        public String label() {
            return "case";
        }
    }

    /// The answer is JSON, with or without a code fence around it.
    record Json() implements Rule {
        @Override
        public String label() {
            return "json";
        }
    }

    /// What can be counted in any language.
    enum Unit {
        /// Unicode code points.
        CHARACTERS,
        /// Runs without white space that hold a letter or digit.
        WORDS,
        /// Ended by a full stop, question or exclamation mark; the last may lack it.
        SENTENCES,
        /// Parted by blank lines.
        PARAGRAPHS,
        /// Lines that begin with a bullet, or with a number and a dot.
        BULLETS
    }

    /// The case of letters.
    enum Case {
        LOWER,
        UPPER
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
