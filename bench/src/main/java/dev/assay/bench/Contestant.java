package dev.assay.bench;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;

/// Who does the work, by the name that the command line and the table use.
enum Contestant {
    ASSAY("assay", "Assay, exactly_once_v2", true, "processing.guarantee: exactly_once_v2"),
    ASSAY_ALO("assay-alo", "Assay, at_least_once", false, "processing.guarantee: at_least_once"),
    PARALLEL_TX(
            "parallel-tx",
            "Parallel Consumer, transactional producer",
            true,
            "PERIODIC_TRANSACTIONAL_PRODUCER"),
    PARALLEL_ASYNC(
            "parallel-async",
            "Parallel Consumer, asynchronous commits",
            false,
            "PERIODIC_CONSUMER_ASYNCHRONOUS"),
    FLINK_EO("flink-eo", "Flink Async I/O, exactly-once sink", true, "EXACTLY_ONCE"),
    FLINK_ALO("flink-alo", "Flink Async I/O, at-least-once sink", false, "AT_LEAST_ONCE"),
    MAP_VALUES(
            "mapvalues",
            "Kafka Streams, call in mapValues, exactly_once_v2",
            true,
            "exactly_once_v2");

    private static final int PARTITIONS = 12;
    private static final String PEERS = "dev.assay.bench.peer.";

    private final String id;
    private final String title;
    private final boolean exactlyOnce;
    private final String mode;

    Contestant(String id, String title, boolean exactlyOnce, String mode) {
        this.id = id;
        this.title = title;
        this.exactlyOnce = exactlyOnce;
        this.mode = mode;
    }

    String id() {
        return id;
    }

    String title() {
        return title;
    }

    boolean exactlyOnce() {
        return exactlyOnce;
    }

    boolean isAssay() {
        return this == ASSAY || this == ASSAY_ALO;
    }

    /// How many prompts to keep waiting: enough for full load, and no more than it can finish in
    /// the end.
    int ahead(int usual) {
        return this == MAP_VALUES ? 4 * PARTITIONS : usual;
    }

    List<String> resultTopics() {
        return isAssay() ? BenchTopology.TOPICS.results() : List.of("results");
    }

    IntFunction<byte[]> values(Stack stack) {
        return isAssay()
                ? BenchTopology.events(stack.registryUrl())
                : index -> BenchTopology.prompt(index).getBytes(StandardCharsets.UTF_8);
    }

    /// Starts it, on topics made for it.
    Child start(Stack stack, Run.Options options) throws InterruptedException {
        List<String> jvm = new ArrayList<>(List.of("-Xmx" + options.heap()));
        jvm.addAll(options.jvmOptions());
        return switch (this) {
            case ASSAY, ASSAY_ALO -> {
                String topology = BenchTopology.yaml(stack, options.inFlight(), mode);
                yield stack.startAssay("assay", topology, jvm);
            }
            case PARALLEL_TX, PARALLEL_ASYNC ->
                    peer(stack, "ParallelConsumer", jvm, options, options.commitMs());
            case FLINK_EO, FLINK_ALO -> {
                jvm.addAll(flinkOptions());
                yield peer(stack, "FlinkAsync", jvm, options, options.checkpointMs());
            }
            case MAP_VALUES -> {
                makeTopics(stack);
                yield stack.startPeer(
                        jvm,
                        PEERS + "MapValues",
                        List.of(
                                stack.bootstrapServers(),
                                stack.modelsUrl(),
                                Integer.toString(PARTITIONS),
                                mode,
                                stack.folder().resolve("state").toString()));
            }
        };
    }

    private Child peer(
            Stack stack, String main, List<String> jvm, Run.Options options, long commitMs)
            throws InterruptedException {
        makeTopics(stack);
        return stack.startPeer(
                jvm,
                PEERS + main,
                List.of(
                        stack.bootstrapServers(),
                        stack.modelsUrl(),
                        Integer.toString(options.inFlight()),
                        mode,
                        Long.toString(commitMs),
                        Boolean.toString(options.parallelVirtual())));
    }

    /// The version of kafka-clients that its connector was made with comes first, and what its
    /// documentation asks for on newer JDKs.
    private static List<String> flinkOptions() {
        Path bench = Path.of(System.getProperty("bench.home"));
        return List.of(
                "-cp",
                "%s:%s/*:%s"
                        .formatted(
                                bench.resolve("target/classes"),
                                bench.resolve("target/lib"),
                                bench.resolve("../target/assay.jar")),
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.time=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED");
    }

    private static void makeTopics(Stack stack) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.bootstrapServers()))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic("prompts", PARTITIONS, (short) 1),
                                    new NewTopic("results", PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
