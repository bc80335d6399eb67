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
/// Arguments: bootstrap servers, the simulator's base URL, prompts, calls in flight.
static final int LATENCY_MS = 200;

static final OperatingSystemMXBean OS = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

void main(String[] args) throws Exception {
    String servers = args[0];
    int prompts = Integer.parseInt(args[2]);
    int inFlight = Integer.parseInt(args[3]);
    TopologyFile file = topology(servers, args[1], inFlight);
    bareClient(file, Math.min(prompts, 10_000), inFlight);
    bareClient(file, prompts * 2, inFlight);
    pipeline(file, servers, prompts, inFlight);
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

void pipeline(TopologyFile file, String servers, int prompts, int inFlight) throws Exception {
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
        long cpu = OS.getProcessCpuTime();
        long began = System.nanoTime();
        long[] sentAt = new long[prompts];
        Thread.ofPlatform().start(() -> produce(servers, topics.prompts(), values, sentAt));
        long[] seenAt = new long[prompts];
        long[] tookNanos = new long[prompts];
        long[] cpuAt = new long[prompts];
        Set<String> ids = new HashSet<>();
        int count = 0;
        int duplicates = 0;
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", servers,
                        "group.id", "bench-results",
                        "auto.offset.reset", "earliest",
                        "isolation.level", "read_committed",
                        "max.poll.records", 5_000),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(topics.results());
            while (count < prompts) {
                var records = consumer.poll(Duration.ofMillis(50));
                long now = System.nanoTime();
                long cpuNow = OS.getProcessCpuTime();
                for (ConsumerRecord<String, byte[]> record : records) {
                    if (!ids.add(record.key())) {
                        duplicates++;
                        continue;
                    }
                    tookNanos[count] = now - sentAt[Integer.parseInt(record.key().substring(1))];
                    seenAt[count] = now;
                    cpuAt[count++] = cpuNow;
                }
            }
            // Whatever comes after the last prompt's first result is a duplicate.
            for (var more = consumer.poll(Duration.ofSeconds(2));
                    !more.isEmpty();
                    more = consumer.poll(Duration.ofSeconds(2))) {
                duplicates += more.count();
            }
        }
        double seconds = (seenAt[prompts - 1] - began) / 1e9;
        Arrays.sort(tookNanos);
        int from = prompts / 3;
        int to = prompts * 9 / 10;
        double steady = (to - from) / ((seenAt[to] - seenAt[from]) / 1e9);
        double limit = inFlight * 1_000.0 / LATENCY_MS / 2;
        IO.println("| Assay, exactly_once_v2, %d prompts | %.0f prompts/s, steady %.0f | %.0f %% | %.0f us/prompt, steady %.0f | %d results, %d duplicates; first after %.1f s; p50 %d ms, p99 %d ms from send to read; peak RSS %s |"
                .formatted(
                        prompts,
                        prompts / seconds,
                        steady,
                        100 * steady / limit,
                        (cpuAt[prompts - 1] - cpu) / 1e3 / prompts,
                        (cpuAt[to] - cpuAt[from]) / 1e3 / (to - from),
                        count,
                        duplicates,
                        (seenAt[0] - began) / 1e9,
                        tookNanos[prompts / 2] / 1_000_000,
                        tookNanos[prompts * 99 / 100] / 1_000_000,
                        peakRss()));
    }
}

void produce(String servers, String topic, byte[][] values, long[] sentAt) {
    try (var producer = new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", servers, "linger.ms", 5),
            new StringSerializer(),
            new ByteArraySerializer())) {
        for (int index = 0; index < values.length; index++) {
            sentAt[index] = System.nanoTime();
            producer.send(new ProducerRecord<>(topic, "p" + index, values[index]));
        }
    }
}

TopologyFile topology(String servers, String baseUrl, int inFlight) {
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
                    .formatted(baseUrl, inFlight / 2, servers);
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
