package dev.assay.bulk;

import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.topology.Topics;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// Sends an input through a running pipeline and writes a row for each of its lines. [#run] is
/// called once; [#stop] and [#progress] may be called by other threads meanwhile.
///
/// Results are read from the beginning of their topics at every start, read_committed, so what an
/// interrupted start had not written yet is found again.
public final class RunJob {

    private static final int MAX_AHEAD = 5_000;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int RECORD_MARGIN_BYTES = 1024 * 1024;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final TopologyFile file;
    private final Topics topics;
    private final RunFolder folder;
    private final InputReader input;
    private final long inputBytes;
    private final ResultsFile results;
    private final Summary summary;
    private volatile boolean stopped;
    private volatile RunProgress progress;

    /// How a run ended.
    public enum End {
        /// Every line has its row.
        COMPLETE,
        /// It was told to stop; starting it again goes on.
        STOPPED
    }

    /// @param file with the addresses of the broker and registry that the pipeline works with
    /// @param inputBytes how long the input is, packed where it is packed
    /// @param summary told every new row; has those of the results file already
    public RunJob(
            TopologyFile file,
            RunFolder folder,
            InputReader input,
            long inputBytes,
            ResultsFile results,
            Summary summary) {
        this.file = file;
        this.topics = new Topics(file.topics().prefix());
        this.folder = folder;
        this.input = input;
        this.inputBytes = inputBytes;
        this.results = results;
        this.summary = summary;
        this.progress =
                new RunProgress(
                        0, false, 0, summary.prompts(), summary.failed(), summary.costUsd());
    }

    /// Makes [#run] return soon, with every row written that it has got.
    public void stop() {
        stopped = true;
    }

    public RunProgress progress() {
        return progress;
    }

    /// Runs until every line has its row.
    ///
    /// @param trouble what keeps the run from going on, if anything; asked often
    /// @throws InputException if the input cannot be read to its end; all that could be read has
    ///   its rows
    /// @throws RunException if there is trouble, or the broker takes no prompts
    /// @throws IOException if rows cannot be written
    public End run(Supplier<Optional<String>> trouble) throws InputException, IOException {
        RegistrySerdes serdes = new RegistrySerdes(file.schemaRegistry());
        PromptTopics prompts = new PromptTopics(file);
        try (Consumer<byte[], byte[]> consumer = consumer();
                Producer<String, byte[]> producer = producer()) {
            BitSet sent =
                    folder.resumed()
                            ? new SentLines(
                                            consumer,
                                            prompts.all(),
                                            () -> stopped,
                                            InstantSource.system())
                                    .read(folder.runId())
                            : new BitSet();
            if (stopped) {
                return End.STOPPED;
            }
            PromptSender sender =
                    new PromptSender(
                            new PromptSender.Settings(
                                    folder.runId(), prompts::of, results.done(), sent, MAX_AHEAD),
                            input,
                            producer,
                            serdes.promptEvent().serializer(),
                            Clock.systemUTC());
            Thread sending = Thread.ofPlatform().name("assay-sender").daemon().start(sender);
            try {
                readFromBeginning(consumer);
                return collect(
                        consumer,
                        new ResultReader(serdes, topics, folder.runId()),
                        sender,
                        trouble);
            } finally {
                sending.interrupt();
                producer.close(CLOSE_TIMEOUT);
            }
        }
    }

    private End collect(
            Consumer<byte[], byte[]> consumer,
            ResultReader reader,
            PromptSender sender,
            Supplier<Optional<String>> trouble)
            throws InputException, IOException {
        while (!stopped) {
            boolean allSent = sender.end().isDone();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                Optional<ResultRow> row = reader.row(record);
                if (row.isPresent()) {
                    write(row.get(), sender);
                }
            }
            for (Optional<ResultRow> failure = sender.nextFailure();
                    failure.isPresent();
                    failure = sender.nextFailure()) {
                write(failure.get(), sender);
            }
            results.flush();
            report(sender, allSent);
            boolean allWritten = summary.prompts() >= sender.linesRead();
            if (allSent) {
                throwUnlessRead(sender.end(), allWritten);
                if (allWritten) {
                    return End.COMPLETE;
                }
            }
            Optional<String> wrong = trouble.get();
            if (wrong.isPresent()) {
                throw new RunException("the run cannot go on: " + wrong.get());
            }
        }
        return End.STOPPED;
    }

    private void write(ResultRow row, PromptSender sender) throws IOException {
        if (results.append(row)) {
            summary.add(row);
            sender.resultCame();
        }
    }

    private void report(PromptSender sender, boolean allSent) {
        progress =
                new RunProgress(
                        sender.linesRead(),
                        allSent,
                        inputBytes == 0 ? 1 : (double) input.bytesRead() / inputBytes,
                        summary.prompts(),
                        summary.failed(),
                        summary.costUsd());
    }

    /// Where the input broke off, what came before it is waited for.
    private static void throwUnlessRead(Future<?> end, boolean allWritten) throws InputException {
        if (end.state() != Future.State.FAILED) {
            return;
        }
        Throwable cause = end.exceptionNow();
        if (!(cause instanceof InputException broken)) {
            throw new RunException("prompts cannot be sent: " + cause.getMessage(), cause);
        }
        if (allWritten) {
            throw broken;
        }
    }

    private void readFromBeginning(Consumer<?, ?> consumer) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics.results()) {
            consumer.partitionsFor(topic)
                    .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = new HashMap<>(file.kafka());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Producer<String, byte[]> producer() {
        Map<String, Object> settings = new HashMap<>(file.kafka());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                file.engine().maxRecordBytes() + RECORD_MARGIN_BYTES);
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }
}
