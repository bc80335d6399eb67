package dev.assay.bulk.job;

import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.topology.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.util.HashMap;
import java.util.Map;

/// How jobs reach Kafka and the registry.
///
/// @param kafka properties of clients
public record JobClients(Map<String, Object> kafka, RegistrySerdes serdes, Topics topics) {

    static final int RECORD_BYTES = 9 * 1024 * 1024;
    private static final int LINGER_MS = 5;
    private static final int BATCH_BYTES = 256 * 1024;

    public JobClients {
        kafka = Map.copyOf(kafka);
    }

    /// Those of a pipeline.
    ///
    /// @param file with the addresses of Kafka and the registry
    public static JobClients of(TopologyFile file) {
        return new JobClients(
                new HashMap<>(file.kafka()),
                new RegistrySerdes(file.schemaRegistry()),
                new Topics(file.topics().prefix()));
    }

    /// A producer whose transactions go on where an earlier one of that id broke off.
    Producer<String, byte[]> transactional(String id) {
        Map<String, Object> settings = producing();
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    /// Sends within a transaction; what goes wrong is thrown by its commit.
    static void send(Producer<String, byte[]> producer, ProducerRecord<String, byte[]> record) {
        var _ = producer.send(record);
    }

    Producer<String, byte[]> producer() {
        return new KafkaProducer<>(producing(), new StringSerializer(), new ByteArraySerializer());
    }

    Admin admin() {
        return Admin.create(new HashMap<>(kafka));
    }

    /// A consumer that sees what is committed. Its group has no members and only keeps how far
    /// somebody is.
    Consumer<byte[], byte[]> consumer(String group) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> producing() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RECORD_BYTES);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MS);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        return settings;
    }
}
