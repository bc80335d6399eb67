package dev.assay.config;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import java.io.IOException;
import java.util.Optional;

/// Tells whether a JSON text is a JSON schema that answers can be held against.
///
/// The library compiles lazily and takes much for a schema that is none; what it cannot use would
/// fail every answer of a route, one paid call after the other.
final class SchemaFile {

    private SchemaFile() {}

    /// What makes a schema unusable, in a few words; empty where nothing is known to. Fetches
    /// nothing.
    static Optional<String> wrongIn(String json) {
        SchemaRegistry registry =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        try {
            Schema schema = registry.getSchema(json);
            schema.initializeValidators();
            String dialect = schema.getSchemaContext().getDialect().getId();
            return registry
                    .getSchema(SchemaLocation.of(dialect))
                    .validate(json, InputFormat.JSON)
                    .stream()
                    .findFirst()
                    .map(SchemaFile::text);
        } catch (SchemaException e) {
            return Optional.of(text(e));
        } catch (RuntimeException | StackOverflowError e) {
            return Optional.of("it cannot be compiled (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static String text(Error error) {
        return "its " + error.getInstanceLocation() + " " + error.getMessage();
    }

    private static String text(SchemaException e) {
        return e.getCause() instanceof IOException missing
                ? "it refers to " + missing.getMessage() + ", which is not there"
                : String.valueOf(e.getMessage())
                        .replaceFirst("^java[.\\w]*\\.(\\w+Exception): ", "");
    }
}
