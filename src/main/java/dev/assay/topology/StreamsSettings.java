package dev.assay.topology;

import dev.assay.config.TopologyFile;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// How Kafka Streams is set. What the topology file says under `kafka` goes over it.
final class StreamsSettings {

    private static final int MIB = 1024 * 1024;
    private static final int MAX_THREADS = 4;

    private StreamsSettings() {}

    /// @param address where other instances ask this one for the prompts in its stores
    static Properties of(
            TopologyFile file,
            Path stateDir,
            RocksMemory.Shared memory,
            Optional<HostInfo> address) {
        Map<String, Object> settings = new HashMap<>();
        address.ifPresent(
                at ->
                        settings.put(
                                StreamsConfig.APPLICATION_SERVER_CONFIG,
                                at.host() + ":" + at.port()));
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, file.name());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        settings.put(
                StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG,
                FailingProductionHandler.class);
        // An answer is safe, and its result visible, at the next commit; CommitPace asks for
        // earlier ones.
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        // An idle thread wakes this often to look at what came back.
        settings.put(StreamsConfig.POLL_MS_CONFIG, 5);
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 200);
        // Whatever input has a record goes on. By default a task waits for records it knows to lie
        // on the broker, and so the loop would wait for prompts that backpressure has paused.
        settings.put(
                StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads());
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksMemory.class);
        settings.put(RocksMemory.SHARED, memory);
        // A thread works off all that a poll brought before it polls again, so this is how long a
        // live
        // prompt may have to wait behind bulk ones.
        settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 50);
        // A fetch that looks past a backlog holds up the next one for so long if it finds nothing.
        settings.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 100);
        settings.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        int requestBytes = file.engine().maxRecordBytes() + MIB;
        settings.put(
                StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), requestBytes);
        settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
        settings.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                InstanceId.in(stateDir));
        settings.putAll(file.kafka());
        Properties properties = new Properties();
        properties.putAll(settings);
        return properties;
    }

    private static int threads() {
        return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_THREADS);
    }
}
