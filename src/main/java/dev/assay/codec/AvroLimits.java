package dev.assay.codec;

import org.apache.avro.SystemLimitException;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;

/// Bounds what a record may claim to hold.
///
/// Avro makes room for what a length says before it looks whether the bytes are there, so that a
/// record of a few bytes could take all memory, and again after each restart. Its limits are for
/// the whole JVM, and are read from system properties when Avro first reads anything, which may be
/// before this; so they are read once more here.
final class AvroLimits {

    private static final int MOST_ITEMS = 1_000_000;

    /// As much as `engine.max_record_bytes` can be.
    private static final int LONGEST_VALUE_BYTES = 256 * 1024 * 1024;

    /// The share of the heap that one value may take: room for it is made before it is refused.
    private static final int HEAPS_PARTS = 8;

    private AvroLimits() {}

    /// Sets the limits; one that the JVM was started with stands.
    ///
    /// @throws IllegalStateException if this version of Avro has them elsewhere
    static void set() {
        String longest =
                Long.toString(
                        Math.min(
                                LONGEST_VALUE_BYTES,
                                Runtime.getRuntime().maxMemory() / HEAPS_PARTS));
        Map<String, String> limits =
                Map.of(
                        SystemLimitException.MAX_COLLECTION_LENGTH_PROPERTY,
                        Integer.toString(MOST_ITEMS),
                        SystemLimitException.MAX_STRING_LENGTH_PROPERTY,
                        longest,
                        SystemLimitException.MAX_BYTES_LENGTH_PROPERTY,
                        longest);
        limits.forEach(
                (name, limit) -> {
                    if (System.getProperty(name) == null) {
                        System.setProperty(name, limit);
                    }
                });
        try {
            MethodHandles.privateLookupIn(SystemLimitException.class, MethodHandles.lookup())
                    .findStatic(
                            SystemLimitException.class,
                            "resetLimits",
                            MethodType.methodType(void.class))
                    .invoke();
        } catch (Throwable e) {
            throw new IllegalStateException(
                    "the limits of Avro's decoder cannot be set; is this the version of the build?",
                    e);
        }
    }
}
