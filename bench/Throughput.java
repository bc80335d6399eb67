import com.sun.management.OperatingSystemMXBean;
import dev.assay.avro.Message;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.model.CallResult;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.Providers;
import dev.assay.topology.Pipeline;
import dev.assay.topology.Topics;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Prompts through the whole road (one answer, one check each) against a simulator, and the bare HTTP client beside it.
///
/// Arguments: bootstrap servers, the simulator's base URL, prompts measured, calls in flight, prompts to warm up with, and
/// the process ids of broker and simulator.
/// Steady is the part between warming up and the end of those measured; as many again as fit in flight twice follow them,
/// so that the lanes are wanted throughout.
static final int LATENCY_MS = 200;

/// The other processes of this run by name.
static final Map<String, ProcessHandle> servers = new TreeMap<>();

static final OperatingSystemMXBean OS = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

void main(String[] args) throws Exception {
    String broker = args[0];
    int prompts = Integer.parseInt(args[2]);
    int inFlight = Integer.parseInt(args[3]);
    int warmUp = Integer.parseInt(args[4]);
    ProcessHandle.of(Long.parseLong(args[5])).ifPresent(process -> servers.put("broker", process));
    ProcessHandle.of(Long.parseLong(args[6])).ifPresent(process -> servers.put("simulator", process));
    TopologyFile file = topology(broker, args[1], inFlight);
    bareClient(file, warmUp, inFlight);
    bareClient(file, prompts * 2, inFlight);
    pipeline(file, broker, warmUp, prompts, inFlight);
    System.exit(0);
}

/// The limit without Kafka: the same HTTP client, the same calls.
void bareClient(TopologyFile file, int calls, int inFlight) throws InterruptedException {
    try (Providers providers = Providers.of(file.models());
            var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        ModelProvider model = providers.byModel().get("answer");
        ModelRequest request = new ModelRequest(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"" + text(7) + "\"}]}",
                OptionalInt.empty(),
                Duration.ofMinutes(1));
        Semaphore room = new Semaphore(inFlight);
        LongAdder failed = new LongAdder();
        long cpu = OS.getProcessCpuTime();
        long began = System.nanoTime();
        for (int call = 0; call < calls; call++) {
            room.acquire();
            threads.submit(() -> {
                try {
                    if (!(model.call(request) instanceof CallResult.Answered)) {
                        failed.increment();
                    }
                } finally {
                    room.release();
                }
                return null;
            });
        }
        room.acquire(inFlight);
        double seconds = (System.nanoTime() - began) / 1e9;
        IO.println("| bare HTTP client, %d calls | %.0f calls/s | %.0f %% | %.0f us/call | %d failed |"
                .formatted(
                        calls,
                        calls / seconds,
                        100 * calls / seconds / (inFlight * 1_000.0 / LATENCY_MS),
                        (OS.getProcessCpuTime() - cpu) / 1e3 / calls,
                        failed.sum()));
    }
}

void pipeline(TopologyFile file, String broker, int warmUp, int measured, int inFlight) throws Exception {
    int prompts = warmUp + measured + 2 * inFlight;
    RegistrySerdes serdes = new RegistrySerdes(file.schemaRegistry());
    Topics topics = new Topics(file.topics().prefix());
    try (Pipeline pipeline = Pipeline.start(file, Files.createTempDirectory("assay-bench"))) {
        byte[][] values = new byte[prompts][];
        var serializer = serdes.promptEvent().serializer();
        for (int index = 0; index < prompts; index++) {
            PromptEvent event = PromptEvent.newBuilder()
                    .setId("p" + index)
                    .setPriority(Priority.INTERACTIVE)
                    .setMessages(List.of(new Message("user", text(index))))
                    .build();
            values[index] = serializer.serialize(topics.prompts(), event);
        }
        Moment began = Moment.now();
        Thread.ofPlatform().name("driver-producer").start(() -> produce(broker, topics.prompts(), values));
        Moment warm = began;
        Moment done = began;
        Set<String> ids = HashSet.newHashSet(prompts);
        long firstNanos = 0;
        int duplicates = 0;
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", broker,
                        "group.id", "bench-results",
                        "auto.offset.reset", "earliest",
                        "isolation.level", "read_committed",
                        "max.poll.records", 5_000),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(topics.results());
            while (ids.size() < prompts) {
                int before = ids.size();
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                    if (!ids.add(record.key())) {
                        duplicates++;
                    }
                }
                if (before == 0 && !ids.isEmpty()) {
                    firstNanos = System.nanoTime();
                }
                if (before < warmUp && ids.size() >= warmUp) {
                    warm = Moment.now().at(ids.size());
                }
                if (before < warmUp + measured && ids.size() >= warmUp + measured) {
                    done = Moment.now().at(ids.size());
                }
            }
            // Whatever comes after the last prompt's first result is a duplicate.
            for (var more = consumer.poll(Duration.ofSeconds(2));
                    !more.isEmpty();
                    more = consumer.poll(Duration.ofSeconds(2))) {
                duplicates += more.count();
            }
        }
        int steady = done.results - warm.results;
        double rate = steady / warm.secondsTo(done);
        double limit = inFlight * 1_000.0 / LATENCY_MS / 2;
        IO.println("| Assay, exactly_once_v2, %d prompts | steady %.0f prompts/s; cold and steady together %.0f | %.0f %% | steady %.0f us/prompt | %d results, %d duplicates; first after %.1f s; peak RSS %s |"
                .formatted(
                        prompts,
                        rate,
                        done.results / began.secondsTo(done),
                        100 * rate / limit,
                        warm.cpuMicrosTo(done) / steady,
                        ids.size(),
                        duplicates,
                        (firstNanos - began.nanos) / 1e9,
                        peakRss()));
        IO.println();
        IO.println("CPU in steady state, us per prompt: " + warm.cpuByPlace(done, steady));
    }
}

/// When so many results were in, and what CPU had been used by then.
///
/// @param ticks of this process by what its threads do, and of the other processes of this run; 10 ms each
record Moment(int results, long nanos, long cpuNanos, Map<String, Long> ticks) {

    static Moment now() throws java.io.IOException {
        return new Moment(0, System.nanoTime(), OS.getProcessCpuTime(), ticksByPlace());
    }

    Moment at(int count) {
        return new Moment(count, nanos, cpuNanos, ticks);
    }

    double secondsTo(Moment later) {
        return (later.nanos - nanos) / 1e9;
    }

    double cpuMicrosTo(Moment later) {
        return (later.cpuNanos - cpuNanos) / 1e3;
    }

    String cpuByPlace(Moment later, int prompts) {
        return later.ticks.entrySet().stream()
                .map(entry -> "%s %d".formatted(
                        entry.getKey(), (entry.getValue() - ticks.getOrDefault(entry.getKey(), 0L)) * 10_000 / prompts))
                .collect(java.util.stream.Collectors.joining(", "));
    }

    private static Map<String, Long> ticksByPlace() throws java.io.IOException {
        Map<String, Long> ticks = new TreeMap<>();
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                ticks.merge(place(Files.readString(task.resolve("comm"))), ticks(task), Long::sum);
            }
        } catch (java.io.UncheckedIOException | java.nio.file.NoSuchFileException e) {
            // No /proc here, or a thread that has just ended.
        }
        servers.forEach((name, process) -> process.info()
                .totalCpuDuration()
                .ifPresent(cpu -> ticks.put("(" + name + ", a process of its own)", cpu.toMillis() / 10)));
        return ticks;
    }

    /// User and system time, fields 14 and 15 of proc_pid_stat(5), counted after the name in parentheses.
    private static long ticks(Path task) throws java.io.IOException {
        String stat = Files.readString(task.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static String place(String thread) {
        if (thread.startsWith("bench-")) return "stream threads";
        if (thread.startsWith("ForkJoinPool")) return "model calls";
        if (thread.startsWith("kafka-")) return "Kafka clients";
        if (thread.startsWith("C1 ") || thread.startsWith("C2 ")) return "compiler";
        if (thread.startsWith("GC ") || thread.startsWith("G1 ")) return "garbage collector";
        if (thread.startsWith("main") || thread.startsWith("java") || thread.startsWith("driver")) return "driver";
        if (thread.startsWith("rocksdb")) return "RocksDB";
        return "other threads";
    }
}

void produce(String bootstrapServers, String topic, byte[][] values) {
    try (var producer = new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers, "linger.ms", 5),
            new StringSerializer(),
            new ByteArraySerializer())) {
        for (int index = 0; index < values.length; index++) {
            producer.send(new ProducerRecord<>(topic, "p" + index, values[index]));
        }
    }
}

TopologyFile topology(String bootstrapServers, String baseUrl, int inFlight) {
    String yaml =
            """
            name: bench
            models:
              - {name: answer, provider: openai, base_url: "%1$s", model: small, limits: {in_flight: %2$d}}
              - {name: judge, provider: openai, base_url: "%1$s", model: large, limits: {in_flight: %2$d}}
            routes:
              - name: default
                assign: {strategy: fixed, models: [answer]}
                check: {judges: [judge], pass: 5}
            kafka: {bootstrap.servers: "%3$s"}
            schema_registry: {url: "mock://bench"}
            """
                    .formatted(baseUrl, inFlight / 2, bootstrapServers);
    return TopologyParser.parse(yaml, Path.of("bench.yaml"), Map.of());
}

/// 300 characters, another text for each prompt.
String text(int index) {
    char[] filler = new char[280];
    Arrays.fill(filler, 'x');
    return "Prompt number " + index + " " + new String(filler);
}

String peakRss() throws java.io.IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
        return "unknown";
    }
    try (var lines = Files.lines(status)) {
        return lines.filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB")
                .orElse("unknown");
    }
}
