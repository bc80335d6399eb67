package dev.assay.decide.check;

import dev.assay.model.Rule;

import java.util.List;

/// Port to a JSON Schema library.
@FunctionalInterface
public interface SchemaValidator {

    /// What the schema finds wrong with an answer, for people; empty where the whole text is JSON
    /// that it accepts. A text that is not JSON is one violation, not an exception.
    List<String> violations(Rule.JsonSchema schema, String answerText);
}
