package dev.assay.codec;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;

import dev.assay.codec.Json.UnreadableJson;
import dev.assay.decide.check.BoundedFind;
import dev.assay.decide.check.SchemaValidator;
import dev.assay.model.Rule;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// JSON Schema, draft 2020-12 unless a schema names another. Compiles each schema once; safe for
/// any thread.
public final class JsonSchemas implements SchemaValidator {

    private static final int MAX_VIOLATIONS = 5;

    private final SchemaRegistry registry =
            SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    builder ->
                            builder.schemaRegistryConfig(
                                    SchemaRegistryConfig.builder()
                                            .regularExpressionFactory(JsonSchemas::pattern)
                                            .build()));
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
        try {
            Schema schema = compiled.computeIfAbsent(rule.schemaJson(), registry::getSchema);
            return schema.validate(answerText, InputFormat.JSON).stream()
                    .limit(MAX_VIOLATIONS)
                    .map(JsonSchemas::text)
                    .toList();
        } catch (RuntimeException e) {
            // The library throws at numbers no double holds, and at what is broken deep in a
            // schema.
            return List.of("the answer cannot be checked: " + e.getMessage());
        } catch (StackOverflowError e) {
            return List.of("the answer cannot be checked: it is nested too deep");
        }
    }

    /// A pattern of the schema, which may not take for ever on a model's text.
    private static RegularExpression pattern(String regex) {
        Pattern pattern =
                Pattern.compile(
                        RegularExpressions.replaceLongformCharacterProperties(
                                RegularExpressions.replaceDollarAnchors(regex)));
        return text ->
                switch (BoundedFind.find(pattern, text)) {
                    case FOUND -> true;
                    case NOT_FOUND -> false;
                    case GAVE_UP ->
                            throw new IllegalStateException(
                                    "gave up on the pattern %s; write it so that it backtracks less"
                                            .formatted(regex));
                };
    }

    private static String text(Error error) {
        return error.getInstanceLocation() + ": " + error.getMessage();
    }
}
