package dev.assay.bench.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Apache Flink's Async I/O, as its documentation tells: unordered, capacity as many as calls in
/// flight, checkpoints in the heap, parallelism as many as cores, the Kafka sink with the guarantee
/// asked for.
final class FlinkAsync {

    private static final int PARALLELISM = Runtime.getRuntime().availableProcessors();

    private FlinkAsync() {}

    /// @param args bootstrap servers, the simulator's base URL, calls in flight, delivery
    ///   guarantee, checkpoint interval in ms
    public static void main(String[] args) throws Exception {
        DeliveryGuarantee guarantee = DeliveryGuarantee.valueOf(args[3]);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM);
        env.enableCheckpointing(
                Long.parseLong(args[4]),
                guarantee == DeliveryGuarantee.EXACTLY_ONCE
                        ? CheckpointingMode.EXACTLY_ONCE
                        : CheckpointingMode.AT_LEAST_ONCE);
        env.getConfig().enableObjectReuse();
        KafkaSource<Tuple2<String, String>> source =
                KafkaSource.<Tuple2<String, String>>builder()
                        .setBootstrapServers(args[0])
                        .setTopics("prompts")
                        .setGroupId("bench-flink")
                        .setStartingOffsets(OffsetsInitializer.earliest())
                        .setDeserializer(new KeyAndText())
                        .build();
        KafkaSink<Tuple2<String, String>> sink =
                KafkaSink.<Tuple2<String, String>>builder()
                        .setBootstrapServers(args[0])
                        .setRecordSerializer(new Result())
                        .setDeliveryGuarantee(guarantee)
                        .setTransactionalIdPrefix("bench-flink")
                        .setProperty("transaction.timeout.ms", "600000")
                        .setProperty("linger.ms", "5")
                        .build();
        DataStream<Tuple2<String, String>> prompts =
                env.fromSource(source, WatermarkStrategy.noWatermarks(), "prompts");
        AsyncDataStream.unorderedWait(
                        prompts,
                        new Work(args[1], Integer.parseInt(args[2]) / PARALLELISM),
                        1,
                        TimeUnit.MINUTES,
                        Integer.parseInt(args[2]) / PARALLELISM)
                .sinkTo(sink);
        env.executeAsync("bench");
        IO.println("ready now");
    }

    /// The calls, on virtual threads.
    static final class Work
            extends RichAsyncFunction<Tuple2<String, String>, Tuple2<String, String>> {

        private final String modelsUrl;
        private final int inFlight;
        private transient @Nullable PeerCalls calls;
        private transient @Nullable ExecutorService threads;

        Work(String modelsUrl, int inFlight) {
            this.modelsUrl = modelsUrl;
            this.inFlight = inFlight;
        }

        @Override
        public void open(OpenContext context) {
            calls = new PeerCalls(modelsUrl, inFlight);
            threads = Executors.newVirtualThreadPerTaskExecutor();
        }

        @Override
        public void asyncInvoke(
                Tuple2<String, String> prompt, ResultFuture<Tuple2<String, String>> result) {
            PeerCalls client = Objects.requireNonNull(calls);
            var _ =
                    Objects.requireNonNull(threads)
                            .submit(
                                    () -> {
                                        try {
                                            result.complete(
                                                    List.of(
                                                            Tuple2.of(
                                                                    prompt.f0,
                                                                    client.resultOf(prompt.f1))));
                                        } catch (InterruptedException | RuntimeException e) {
                                            result.completeExceptionally(e);
                                        }
                                    });
        }

        @Override
        public void close() {
            Objects.requireNonNull(threads).shutdownNow();
            Objects.requireNonNull(calls).close();
        }
    }

    /// A prompt's key and text.
    static final class KeyAndText
            implements KafkaRecordDeserializationSchema<Tuple2<String, String>> {

        @Override
        public void deserialize(
                ConsumerRecord<byte[], byte[]> record, Collector<Tuple2<String, String>> out) {
            out.collect(
                    Tuple2.of(new String(record.key(), UTF_8), new String(record.value(), UTF_8)));
        }

        @Override
        public TypeInformation<Tuple2<String, String>> getProducedType() {
            return Types.TUPLE(Types.STRING, Types.STRING);
        }
    }

    /// A result with its prompt's key.
    static final class Result implements KafkaRecordSerializationSchema<Tuple2<String, String>> {

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                Tuple2<String, String> result, KafkaSinkContext context, @Nullable Long timestamp) {
            return new ProducerRecord<>(
                    "results", result.f0.getBytes(UTF_8), result.f1.getBytes(UTF_8));
        }
    }
}
