package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.testkit.KafkaExtension;
import dev.assay.testkit.TestBroker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// A stream thread that is out of its group, and does not know it, as the broker sees it.
@ExtendWith(KafkaExtension.class)
class CommittedOffsetsIT {

    private static final Duration ONE_POLL = Duration.ofMillis(200);

    private final String name = "out-of-group-" + UUID.randomUUID();
    private final TopicPartition in = new TopicPartition(name + "-in", 0);
    private final TopicPartition out = new TopicPartition(name + "-out", 0);
    private final CommittedOffsets committed = new CommittedOffsets();

    @Test
    void commitsNothingEvenWhereItHasReadNothing(TestBroker broker) throws Exception {
        Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(kafka);
                PausingConsumer consumer = consumer(broker);
                CommitTellingProducer producer = producer(broker)) {
            admin.createTopics(
                            Stream.of(in, out)
                                    .map(partition -> new NewTopic(partition.topic(), 1, (short) 1))
                                    .toList())
                    .all()
                    .get();
            producer.initTransactions();
            consumer.subscribe(List.of(in.topic()), new Quiet());
            while (consumer.assignment().isEmpty()) {
                consumer.poll(ONE_POLL);
            }
            commit(producer, consumer, "read", Map.of(in, new OffsetAndMetadata(0)));
            commit(producer, consumer, "called", Map.of());

            admin.removeMembersFromConsumerGroup(name, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();

            assertThatThrownBy(() -> commit(producer, consumer, "called again", Map.of()))
                    .isInstanceOf(CommitFailedException.class);
            producer.abortTransaction();
            assertThat(committedIn(broker)).containsExactly("read", "called");
        }
    }

    private void commit(
            CommitTellingProducer producer,
            PausingConsumer consumer,
            String value,
            Map<TopicPartition, OffsetAndMetadata> offsets) {
        producer.beginTransaction();
        var _ =
                producer.send(
                        new ProducerRecord<>(out.topic(), value.getBytes(StandardCharsets.UTF_8)));
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
    }

    private List<String> committedIn(TestBroker broker) {
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                broker.bootstrapServers(),
                                "isolation.level",
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            reader.assign(Set.of(out));
            reader.seekToBeginning(Set.of(out));
            return reader.poll(Duration.ofSeconds(30)).records(out).stream()
                    .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                    .toList();
        }
    }

    private PausingConsumer consumer(TestBroker broker) {
        return new PausingConsumer(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        name,
                        "enable.auto.commit",
                        false),
                new Backpressure(1_000, Map.of()),
                committed);
    }

    private CommitTellingProducer producer(TestBroker broker) {
        return new CommitTellingProducer(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", name),
                new CommitPace(true, InstantSource.system()),
                committed);
    }

    /// Kafka Streams looks after its tasks here.
    private static final class Quiet implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
    }
}
