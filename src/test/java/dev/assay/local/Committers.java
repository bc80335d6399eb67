package dev.assay.local;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Transactional producers that write to all partitions of a topic and commit, over and over, until
/// they are closed; so that at any moment some transaction is being completed.
final class Committers implements AutoCloseable {

    private static final int PRODUCERS = 8;

    private final List<KafkaProducer<String, String>> producers = new ArrayList<>();
    private final List<TopicPartition> partitions;
    private final CountDownLatch commits;

    private Committers(List<TopicPartition> partitions, int commits) {
        this.partitions = partitions;
        this.commits = new CountDownLatch(commits);
    }

    /// @param commits to wait for in [#awaitCommits]
    static Committers start(String bootstrapServers, List<TopicPartition> partitions, int commits) {
        Committers committers = new Committers(partitions, commits);
        for (int index = 0; index < PRODUCERS; index++) {
            KafkaProducer<String, String> producer =
                    new KafkaProducer<>(
                            Map.of(
                                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                    bootstrapServers,
                                    ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                    "committer-" + index,
                                    ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                                    2_000),
                            new StringSerializer(),
                            new StringSerializer());
            committers.producers.add(producer);
            Thread.ofVirtual().start(() -> committers.commit(producer));
        }
        return committers;
    }

    void awaitCommits() throws InterruptedException {
        if (!commits.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no more than " + commits + " commits are left to do");
        }
    }

    @Override
    public void close() {
        producers.forEach(producer -> producer.close(Duration.ZERO));
    }

    private void commit(KafkaProducer<String, String> producer) {
        try {
            producer.initTransactions();
            while (true) {
                producer.beginTransaction();
                for (TopicPartition to : partitions) {
                    var _ =
                            producer.send(
                                    new ProducerRecord<>(to.topic(), to.partition(), "", "x"));
                }
                producer.commitTransaction();
                commits.countDown();
            }
        } catch (KafkaException | IllegalStateException e) {
            // The broker was killed, or the producer closed.
        }
    }
}
