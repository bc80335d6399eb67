package dev.assay.bench;

import dev.assay.avro.Message;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.RegistrySerdes;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// The limit of submitting: an idempotent producer that writes as many prompts of the same size with
/// the same serializer and the same settings, and does nothing else.
final class BareLines {

    private BareLines() {}

    /// @param args address of Kafka and of the registry, topic, number of lines
    public static void main(String[] args) {
        String topic = args[2];
        long lines = Long.parseLong(args[3]);
        Serializer<PromptEvent> serializer =
                new RegistrySerdes(Map.of("url", args[1])).promptEvent().serializer();
        AtomicLong failures = new AtomicLong();
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                args[0],
                                "enable.idempotence",
                                true,
                                "linger.ms",
                                5,
                                "batch.size",
                                256 * 1024),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            for (long line = 1; line <= lines; line++) {
                String id = "bare/" + line;
                PromptEvent event =
                        PromptEvent.newBuilder()
                                .setId(id)
                                .setCustomId("line-" + line)
                                .setJobId("bare")
                                .setJobLine(line)
                                .setMessages(
                                        List.of(
                                                new Message(
                                                        "user",
                                                        BenchTopology.prompt((int) line))))
                                .build();
                producer.send(
                        new ProducerRecord<>(topic, 0, id, serializer.serialize(topic, event)),
                        (_, exception) -> {
                            if (exception != null) {
                                failures.incrementAndGet();
                            }
                        });
            }
        }
        System.exit(failures.get() == 0 ? 0 : 1);
    }
}
