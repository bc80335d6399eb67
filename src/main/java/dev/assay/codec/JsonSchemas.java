package dev.assay.codec;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.assay.codec.Json.UnreadableJson;
import dev.assay.decide.check.SchemaValidator;
import dev.assay.model.Rule;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// JSON Schema, draft 2020-12 unless a schema names another. Compiles each schema once; safe for
/// any thread.
public final class JsonSchemas implements SchemaValidator {

    private static final int MAX_VIOLATIONS = 5;

    private final SchemaRegistry registry =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

    @Override
    public List<String> violations(Rule.JsonSchema rule, String answerText) {
        try {
            Json.object(answerText);
        } catch (UnreadableJson e) {
            if (!e.isOtherValue()) {
                return List.of("the answer cannot be checked: " + e.getMessage());
            }
        }
        Schema schema = compiled.computeIfAbsent(rule.schemaJson(), registry::getSchema);
        return schema.validate(answerText, InputFormat.JSON).stream()
                .limit(MAX_VIOLATIONS)
                .map(JsonSchemas::text)
                .toList();
    }

    private static String text(Error error) {
        return error.getInstanceLocation() + ": " + error.getMessage();
    }
}
