package dev.assay.codec;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.FeedbackEvent;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.JobEvent;
import dev.assay.avro.JobRecord;
import dev.assay.avro.LedgerClaim;
import dev.assay.avro.LedgerGrant;
import dev.assay.avro.ObservationRecord;
import dev.assay.avro.PredictorRecord;
import dev.assay.avro.PromptEvent;
import dev.assay.avro.PromptStateRecord;
import dev.assay.avro.ScorecardRecord;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaUtils;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientFactory;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroDeserializerConfig;
import io.confluent.kafka.serializers.KafkaAvroSerializer;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Confluent's own serializers for the Avro values on topics (TopicNameStrategy).
///
/// A serde is not safe for several threads at once, so each thread takes its own. All share one
/// client and with it the schemas that any of them has met: a thread that begins while the registry
/// is away knows what the others know.
public final class RegistrySerdes {

    private static final String URL = AbstractKafkaSchemaSerDeConfig.SCHEMA_REGISTRY_URL_CONFIG;
    private static final String COMPATIBILITY = "FULL_TRANSITIVE";
    private static final int SMALLEST_CODE = 10_000;
    private static final int UNREADABLE_BODY = 50_005;
    private static final int CACHED_SCHEMAS = 1_000;

    static {
        AvroLimits.set(); // here, as nothing that others wrote is read but through a serde
    }

    private final Map<String, Object> properties;
    private final SchemaRegistryClient client;

    /// @param schemaRegistry properties of Confluent's client, without the `schema.registry.`
    ///   prefix where it has one: `url`, `basic.auth.user.info`, ...; unknown names are passed on
    ///   as they are
    public RegistrySerdes(Map<String, String> schemaRegistry) {
        Map<String, Object> all = new HashMap<>();
        schemaRegistry.forEach(
                (key, value) -> {
                    all.put(key, value);
                    all.put("schema.registry." + key, value);
                });
        all.putIfAbsent(AbstractKafkaSchemaSerDeConfig.AUTO_REGISTER_SCHEMAS, true);
        all.put("avro.remove.java.properties", true);
        this.properties = Map.copyOf(all);
        this.client = client(properties);
    }

    /// True where a registry answers at this very address.
    public boolean answers() {
        try {
            client.getAllSubjects();
            return true;
        } catch (IOException | RestClientException e) {
            return false;
        }
    }

    /// Registers the schemas of topics, in the order given, which decides their ids in a fresh
    /// registry; and has them evolve so that producers and consumers upgrade in any order.
    ///
    /// @param types the type of each topic's values
    /// @throws IOException if the registry cannot be reached or refuses one; the message says which
    public void register(SequencedMap<String, Class<? extends SpecificRecord>> types)
            throws IOException {
        for (Map.Entry<String, Class<? extends SpecificRecord>> type : types.entrySet()) {
            register(client, type.getKey() + "-value", type.getValue());
        }
    }

    private static void register(
            SchemaRegistryClient client, String subject, Class<? extends SpecificRecord> type)
            throws IOException {
        try {
            boolean fresh = !client.getAllSubjects().contains(subject);
            client.register(subject, new AvroSchema(portable(type)));
            if (fresh) {
                setCompatibility(client, subject);
            }
        } catch (RestClientException e) {
            String answer =
                    isOfRegistry(e)
                            ? "it answered %d to the schema of %s: %s"
                                    .formatted(e.getStatus(), subject, e.getMessage())
                            : "it answered %d, not as a schema registry does; where the API lies below a path, the address ends with it, as in /apis/ccompat/v7"
                                    .formatted(e.getStatus());
            throw new IOException(answer, e);
        }
    }

    /// False where something else has answered: a registry's own codes have five digits, and the
    /// client has one for a body it cannot read.
    private static boolean isOfRegistry(RestClientException e) {
        return e.getErrorCode() >= SMALLEST_CODE && e.getErrorCode() != UNREADABLE_BODY;
    }

    /// Another instance that starts at the same time may be quicker, which some registries refuse.
    private static void setCompatibility(SchemaRegistryClient client, String subject)
            throws IOException, RestClientException {
        try {
            client.updateCompatibility(subject, COMPATIBILITY);
        } catch (RestClientException e) {
            if (!COMPATIBILITY.equals(client.getCompatibility(subject))) {
                throw e;
            }
        }
    }

    /// The schema without what only Java's generated classes know.
    private static Schema portable(Class<? extends SpecificRecord> type) {
        SpecificRecord empty =
                (SpecificRecord) SpecificData.newInstance(type, SpecificData.get().getSchema(type));
        return AvroSchemaUtils.getSchema(empty, false, false, true);
    }

    private static SchemaRegistryClient client(Map<String, Object> properties) {
        return SchemaRegistryClientFactory.newClient(
                List.of(String.valueOf(properties.get(URL)).split(",")),
                CACHED_SCHEMAS,
                List.of(new AvroSchemaProvider()),
                properties,
                Map.of());
    }

    public Serde<PromptEvent> promptEvent() {
        return specific(PromptEvent.class);
    }

    public Serde<GradedAnswer> gradedAnswer() {
        return specific(GradedAnswer.class);
    }

    public Serde<FailedPrompt> failedPrompt() {
        return specific(FailedPrompt.class);
    }

    public Serde<PromptStateRecord> promptState() {
        return specific(PromptStateRecord.class);
    }

    public Serde<ObservationRecord> observation() {
        return specific(ObservationRecord.class);
    }

    public Serde<FeedbackEvent> feedback() {
        return specific(FeedbackEvent.class);
    }

    public Serde<ScorecardRecord> scorecard() {
        return specific(ScorecardRecord.class);
    }

    public Serde<PredictorRecord> predictor() {
        return specific(PredictorRecord.class);
    }

    public Serde<JobEvent> jobEvent() {
        return specific(JobEvent.class);
    }

    public Serde<JobRecord> job() {
        return specific(JobRecord.class);
    }

    public Serde<LedgerClaim> ledgerClaim() {
        return specific(LedgerClaim.class);
    }

    public Serde<LedgerGrant> ledgerGrant() {
        return specific(LedgerGrant.class);
    }

    /// Reads any Avro value by the schema it was written with.
    public Deserializer<GenericRecord> generic() {
        Deserializer<Object> deserializer = new KafkaAvroDeserializer(client);
        deserializer.configure(properties, false);
        return typed(deserializer, GenericRecord.class);
    }

    private <T extends SpecificRecord> Serde<T> specific(Class<T> type) {
        Map<String, Object> reading = new HashMap<>(properties);
        reading.put(KafkaAvroDeserializerConfig.SPECIFIC_AVRO_READER_CONFIG, true);
        Serializer<Object> serializer = new KafkaAvroSerializer(client);
        serializer.configure(properties, false);
        Deserializer<Object> deserializer = new KafkaAvroDeserializer(client);
        deserializer.configure(reading, false);
        return Serdes.serdeFrom(
                (topic, value) -> serializer.serialize(topic, value), typed(deserializer, type));
    }

    private static <T> Deserializer<T> typed(Deserializer<Object> deserializer, Class<T> type) {
        return (topic, bytes) -> type.cast(deserializer.deserialize(topic, bytes));
    }
}
