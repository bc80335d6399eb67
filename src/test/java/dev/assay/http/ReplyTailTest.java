package dev.assay.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.CostRecord;
import dev.assay.avro.FailedPrompt;
import dev.assay.codec.RegistrySerdes;
import dev.assay.topology.Topics;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class ReplyTailTest {

    private static final Topics TOPICS = new Topics("");
    private static final Optional<String> ACME = Optional.of("acme");

    private final RegistrySerdes serdes = new RegistrySerdes(Map.of("url", "mock://replies"));
    private final MockConsumer<String, byte[]> results = results();
    private final BlockingQueue<Reply.Owned> arrived = new LinkedBlockingQueue<>();
    private final ReplyTail tail = new ReplyTail(results, serdes, TOPICS, arrived::add);
    private long offset;

    @AfterEach
    void stop() {
        tail.close();
    }

    /// A failed prompt's event may be most of its record, and no caller is shown it.
    @Test
    void failureIsKeptWithoutItsEvent() throws Exception {
        ends("p1", tail.address(ACME), 1 << 20);

        Reply.Owned come = next();
        assertThat(come.id()).isEqualTo("p1");
        assertThat(come.owner()).isEqualTo(ACME);
        assertThat(come.bytes()).isLessThan(1_000);
        assertThat(((Reply.Failed) come.reply()).failed().getOriginal()).isNull();
    }

    /// As after a restart, or at another instance: the prompt that was sent first is the one that
    /// ends.
    @Test
    void whoAsksAgainGetsTheResultOfWhatAnotherInstanceSent() throws Exception {
        CompletableFuture<Reply> reply = tail.expect("p1", ACME);

        ends("p1", another(ACME), 0);

        assertThat(reply.get(10, TimeUnit.SECONDS)).isInstanceOf(Reply.Failed.class);
        assertThat(next().owner()).isEqualTo(ACME);
    }

    @Test
    void resultsOfOtherTenantsAndThoseThatNobodyAskedForAreLeft() throws Exception {
        CompletableFuture<Reply> reply = tail.expect("p1", ACME);

        ends("p1", another(Optional.of("other")), 0);
        ends("p1", another(Optional.empty()), 0);
        ends("p1", new byte[] {1}, 0);
        ends("p2", another(ACME), 0);
        ends("last", tail.address(ACME), 0);

        assertThat(next().id()).isEqualTo("last");
        assertThat(reply).isNotDone();
    }

    private static byte[] another(Optional<String> owner) {
        return (UUID.randomUUID() + owner.orElse("")).getBytes(StandardCharsets.UTF_8);
    }

    private Reply.Owned next() throws InterruptedException {
        return Optional.ofNullable(arrived.poll(10, TimeUnit.SECONDS)).orElseThrow();
    }

    private void ends(String id, byte[] replyTo, int originalBytes) {
        FailedPrompt failed =
                FailedPrompt.newBuilder()
                        .setId(id)
                        .setCode("timeout")
                        .setMessage("it took too long")
                        .setOriginal(ByteBuffer.wrap(new byte[originalBytes]))
                        .setTopic("prompts")
                        .setPartition(0)
                        .setOffset(0)
                        .setCostUsd(new CostRecord(0.0, 0.0, 0.0, 0.0))
                        .build();
        ConsumerRecord<String, byte[]> record =
                new ConsumerRecord<>(
                        TOPICS.failed(),
                        0,
                        offset++,
                        id,
                        serdes.failedPrompt().serializer().serialize(TOPICS.failed(), failed));
        record.headers().add(ReplyTail.REPLY_TO, replyTo);
        results.addRecord(record);
    }

    private static MockConsumer<String, byte[]> results() {
        MockConsumer<String, byte[]> consumer = new MockConsumer<>("latest");
        for (String topic : TOPICS.results()) {
            Node node = new Node(0, "localhost", 1);
            Node[] nodes = {node};
            consumer.updatePartitions(
                    topic, List.of(new PartitionInfo(topic, 0, node, nodes, nodes)));
            consumer.updateEndOffsets(Map.of(new TopicPartition(topic, 0), 0L));
        }
        return consumer;
    }
}
