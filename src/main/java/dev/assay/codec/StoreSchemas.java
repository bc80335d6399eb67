package dev.assay.codec;

import org.apache.avro.Schema;
import org.apache.avro.message.SchemaStore;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The schemas that values of state stores were ever written with, so that a new version can read
/// what is under way. They lie beside this class as `NAME-v1.avsc` and so on; a test sees to it
/// that none is missing.
final class StoreSchemas {

    private StoreSchemas() {}

    /// All versions of the schema of that name, by fingerprint.
    static SchemaStore of(String name) {
        SchemaStore.Cache schemas = new SchemaStore.Cache();
        for (int version = 1; ; version++) {
            String file = name + "-v" + version + ".avsc";
            try (InputStream in = StoreSchemas.class.getResourceAsStream(file)) {
                if (in == null) {
                    return schemas;
                }
                schemas.addSchema(new Schema.Parser().parse(in));
            } catch (IOException e) {
                throw new UncheckedIOException(file + " of this build cannot be read", e);
            }
        }
    }
}
