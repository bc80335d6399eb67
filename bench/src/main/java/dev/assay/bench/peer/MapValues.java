package dev.assay.bench.peer;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/// A Kafka Streams application as one would write it first: it calls in `mapValues`, so each thread
/// makes one call at a time. Tuned as Kafka's documentation tells for slow processing: a thread for
/// each partition, few records a poll.
final class MapValues {

    private MapValues() {}

    /// @param args bootstrap servers, the simulator's base URL, threads, processing guarantee,
    ///   state folder
    public static void main(String[] args) throws InterruptedException {
        int threads = Integer.parseInt(args[2]);
        PeerCalls calls = new PeerCalls(args[1], threads);
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("prompts", Consumed.with(Serdes.String(), Serdes.String()))
                .mapValues(
                        prompt -> {
                            try {
                                return calls.resultOf(prompt);
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        })
                .to("results", Produced.with(Serdes.String(), Serdes.String()));
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench-mapvalues");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, args[3]);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, args[4]);
        settings.put(StreamsConfig.consumerPrefix("max.poll.records"), 10);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        KafkaStreams streams = new KafkaStreams(builder.build(), settings);
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.setStateListener(
                (now, _) -> {
                    if (now == KafkaStreams.State.RUNNING) {
                        IO.println("ready now");
                    }
                });
        streams.start();
        new CountDownLatch(1).await();
    }
}
