package dev.assay.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A YAML document as a tree: aliases followed, variables put in, each node with its line.
sealed interface YamlNode {

    int line();

    /// What it is called in messages.
    String kind();

    /// A text, number, boolean or null; which of them it is, its reader decides.
    ///
    /// @param written as it stands in the file, without quotes; the only form that messages may
    ///   show
    /// @param value with variables put in; absent where that failed, which has been reported
    /// @param quoted stands in quotes or is a block of text, so that it is neither a number nor
    ///   null
    record Scalar(int line, String written, Optional<String> value, boolean quoted)
            implements YamlNode {

        boolean isNull() {
            return !quoted && NULLS.contains(written);
        }

        @Override
        public String kind() {
            return "a single value";
        }

        private static final List<String> NULLS = List.of("", "~", "null", "Null", "NULL");
    }

    record Sequence(int line, List<YamlNode> items) implements YamlNode {
        @Override
        public String kind() {
            return "a list";
        }
    }

    record Mapping(int line, Map<String, Member> members) implements YamlNode {
        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /// One entry of a mapping.
    ///
    /// @param line that of the key
    record Member(int line, YamlNode value) {}
}
