package dev.assay.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.FeedbackEvent;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.JobEvent;
import dev.assay.avro.JobRecord;
import dev.assay.avro.LearnEvent;
import dev.assay.avro.LedgerBook;
import dev.assay.avro.LedgerClaim;
import dev.assay.avro.LedgerGrant;
import dev.assay.avro.LedgerPlaces;
import dev.assay.avro.ObservationRecord;
import dev.assay.avro.PendingPrompt;
import dev.assay.avro.PredictorRecord;
import dev.assay.avro.PromptEvent;
import dev.assay.avro.PromptStateRecord;
import dev.assay.avro.ScorecardRecord;
import dev.assay.avro.SeenPrompt;

import io.confluent.kafka.schemaregistry.CompatibilityLevel;
import io.confluent.kafka.schemaregistry.ParsedSchemaHolder;
import io.confluent.kafka.schemaregistry.SimpleParsedSchemaHolder;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;

import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Records of every released version stay readable, and schemas evolve so that producers and
/// consumers upgrade in any order.
///
/// `golden/` holds, for each schema and version, a record with every field set, what it reads as,
/// but for fields that came after, and the schema, which for the schemas of stores lies in the
/// product. After a change of a schema, `mvn test -Dtest=SchemaEvolutionTest -Dgolden.write=true`
/// adds its next version; nothing that was released may be changed or removed.
class SchemaEvolutionTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Path OF_STORES = Path.of("src/main/resources/dev/assay/codec");

    @BeforeAll
    static void keepNewVersions() throws IOException {
        if (Boolean.getBoolean("golden.write")) {
            for (Schema schema : schemas().toList()) {
                if (!newestIsKept(schema)) {
                    write(schema, versions(schema) + 1);
                }
            }
        }
    }

    static Stream<Schema> schemas() {
        return Stream.of(
                PromptEvent.getClassSchema(),
                GradedAnswer.getClassSchema(),
                FailedPrompt.getClassSchema(),
                PromptStateRecord.getClassSchema(),
                PendingPrompt.getClassSchema(),
                SeenPrompt.getClassSchema(),
                ObservationRecord.getClassSchema(),
                FeedbackEvent.getClassSchema(),
                ScorecardRecord.getClassSchema(),
                LearnEvent.getClassSchema(),
                JobEvent.getClassSchema(),
                JobRecord.getClassSchema(),
                LedgerClaim.getClassSchema(),
                LedgerGrant.getClassSchema(),
                LedgerBook.getClassSchema(),
                LedgerPlaces.getClassSchema(),
                PredictorRecord.getClassSchema());
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void everyVersionIsKept(Schema schema) throws IOException {
        assertThat(newestIsKept(schema))
                .as("%s is as the newest kept; else see golden.write", schema.getName())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void recordsOfEveryVersionStayReadable(Schema schema) throws IOException {
        for (int version = 1; version <= versions(schema); version++) {
            BinaryMessageDecoder<Object> decoder =
                    new BinaryMessageDecoder<>(SpecificData.getForSchema(schema), schema);
            decoder.addSchema(golden(schema, version));

            Object record = decoder.decode(Files.readAllBytes(file(schema, version, "bin")));

            JsonNode before = JSON.readTree(file(schema, version, "json").toFile());
            JsonNode now = JSON.readTree(record.toString());
            assertThat(known(now, before)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void presentSchemaIsCompatibleBothWaysWithAllBefore(Schema schema) throws IOException {
        for (int version = 1; version <= versions(schema); version++) {
            AvroSchema before = new AvroSchema(golden(schema, version));

            List<String> problems =
                    new AvroSchema(schema)
                            .isCompatible(
                                    CompatibilityLevel.FULL_TRANSITIVE, List.of(holder(before)));

            assertThat(problems).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void enumsOnTopicsOfOthersHaveDefaults(Schema schema) {
        boolean internal =
                schema.getName().equals("PromptStateRecord")
                        || schema.getName().equals("PendingPrompt");

        Stream<Schema> enums =
                schema.getFields().stream()
                        .map(Schema.Field::schema)
                        .filter(field -> field.getType() == Schema.Type.ENUM);

        assertThat(enums)
                .allSatisfy(type -> assertThat(internal || type.getEnumDefault() != null).isTrue());
    }

    /// Without the fields that came after.
    private static JsonNode known(JsonNode now, JsonNode before) {
        if (now instanceof ObjectNode fields && before.isObject()) {
            ObjectNode known = JSON.createObjectNode();
            before.fieldNames()
                    .forEachRemaining(
                            name -> known.set(name, known(fields.path(name), before.get(name))));
            return known;
        }
        if (now instanceof ArrayNode items && items.size() == before.size()) {
            ArrayNode known = JSON.createArrayNode();
            for (int i = 0; i < items.size(); i++) {
                known.add(known(items.get(i), before.get(i)));
            }
            return known;
        }
        return now;
    }

    private static ParsedSchemaHolder holder(AvroSchema schema) {
        return new SimpleParsedSchemaHolder(schema);
    }

    /// What is not in the parsing form, such as docs and defaults, changes no record.
    private static boolean newestIsKept(Schema schema) throws IOException {
        int newest = versions(schema);
        return newest > 0
                && SchemaNormalization.toParsingForm(golden(schema, newest))
                        .equals(SchemaNormalization.toParsingForm(schema));
    }

    private static int versions(Schema schema) {
        int newest = 0;
        while (Files.exists(file(schema, newest + 1, "bin"))) {
            newest++;
        }
        return newest;
    }

    private static void write(Schema schema, int version) throws IOException {
        GenericRecord example = (GenericRecord) example(schema, schema.getName());
        ByteBuffer encoded =
                new BinaryMessageEncoder<GenericRecord>(new GenericData(), schema).encode(example);
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Files.createDirectories(GOLDEN);
        Files.writeString(file(schema, version, "avsc"), schema.toString());
        Files.write(file(schema, version, "bin"), bytes);
        Object read =
                new BinaryMessageDecoder<>(SpecificData.getForSchema(schema), schema).decode(bytes);
        Files.writeString(file(schema, version, "json"), read.toString());
    }

    /// A value of a schema with everything in it set, the same each time.
    private static Object example(Schema schema, String name) {
        return switch (schema.getType()) {
            case RECORD -> {
                GenericRecord record = new GenericData.Record(schema);
                schema.getFields()
                        .forEach(
                                field ->
                                        record.put(
                                                field.pos(),
                                                example(field.schema(), field.name())));
                yield record;
            }
            case UNION ->
                    example(
                            schema.getTypes().stream()
                                    .filter(type -> type.getType() != Schema.Type.NULL)
                                    .findFirst()
                                    .orElseThrow(),
                            name);
            case ARRAY -> List.of(example(schema.getElementType(), name));
            case MAP -> Map.of("key", example(schema.getValueType(), name));
            case ENUM -> new GenericData.EnumSymbol(schema, schema.getEnumSymbols().getLast());
            case STRING -> "some " + name;
            case BYTES -> ByteBuffer.wrap(new byte[] {1, 2, 3});
            case INT -> 7;
            case LONG -> 1_767_225_600_000L;
            case DOUBLE -> 1.5;
            case FLOAT -> 1.5f;
            case BOOLEAN -> true;
            case FIXED, NULL ->
                    throw new IllegalArgumentException("no schema here has a " + schema.getType());
        };
    }

    private static Schema golden(Schema schema, int version) throws IOException {
        return new Schema.Parser().parse(Files.readString(file(schema, version, "avsc")));
    }

    private static Path file(Schema schema, int version, String suffix) {
        boolean inProduct =
                suffix.equals("avsc")
                        && List.of(
                                        "PendingPrompt",
                                        "SeenPrompt",
                                        "LearnEvent",
                                        "ScorecardRecord",
                                        "JobRecord",
                                        "LedgerBook",
                                        "LedgerPlaces")
                                .contains(schema.getName());
        return (inProduct ? OF_STORES : GOLDEN)
                .resolve(schema.getName() + "-v" + version + "." + suffix);
    }
}
