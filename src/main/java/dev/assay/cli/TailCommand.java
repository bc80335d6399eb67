package dev.assay.cli;

import dev.assay.codec.RecordJson;

import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/// `assay tail`.
@Command(
        name = "tail",
        description = "Prints the records of a topic as they come, decoded, a JSON object a line.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  assay tail answers.graded --from-start --until-idle 5s")
final class TailCommand implements Callable<Integer> {

    private static final Duration POLL = Duration.ofMillis(200);

    @Spec private CommandSpec spec;

    @Mixin private StackOptions stack;

    @Parameters(
            paramLabel = "TOPIC",
            description = "One of prompts, answers.graded, answers.flagged, prompts.failed, ...")
    private String topic;

    @Option(names = "--from-start", description = "All there is, and not only what is new")
    private boolean fromStart;

    @Option(
            names = "--until-idle",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Ends when nothing has come for so long, as 5s or 2m; default: never")
    private Optional<Duration> untilIdle = Optional.empty();

    @Option(
            names = "--json",
            description = "With key, partition, offset and headers around each record")
    private boolean envelope;

    @Override
    public Integer call() {
        Set<String> topics = stack.existingTopics();
        if (!topics.contains(topic)) {
            throw new Errors.BadInput(
                    "there is no topic %s; there are %s"
                            .formatted(
                                    topic, topics.isEmpty() ? "none" : String.join(", ", topics)));
        }
        PrintWriter out = spec.commandLine().getOut();
        Deserializer<GenericRecord> decoder = stack.serdes().generic();
        try (var consumer =
                new KafkaConsumer<>(
                        stack.consumerSettings(fromStart),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            if (fromStart) {
                consumer.seekToBeginning(partitions);
            } else {
                consumer.seekToEnd(partitions);
            }
            long lastAt = System.nanoTime();
            while (untilIdle.isEmpty() || System.nanoTime() - lastAt < untilIdle.get().toNanos()) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    lastAt = System.nanoTime();
                    out.println(line(record, decoder));
                }
                out.flush();
                if (out.checkError()) {
                    return ExitCodes.DONE;
                }
            }
        }
        return ExitCodes.DONE;
    }

    private String line(
            ConsumerRecord<String, byte[]> record, Deserializer<GenericRecord> decoder) {
        try {
            GenericRecord value = decoder.deserialize(topic, record.value());
            return envelope ? RecordJson.envelope(record, value) : RecordJson.value(value);
        } catch (SerializationException | ClassCastException e) {
            return RecordJson.undecodable(record, e);
        }
    }
}
