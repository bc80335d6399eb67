package dev.assay.bench;

import dev.assay.cli.AssayCommand;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Broker, simulator, and where wanted a schema registry, each a process of its own on a fresh data
/// folder, on which instances of Assay or of its peers are started.
final class Stack implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Pattern READY = Pattern.compile("ready (\\S+)");
    private static final Pattern MODELS = Pattern.compile("(http://\\S+)");
    private static final Pattern RUNNING = Pattern.compile("(running); stop with");

    private final Path folder;
    private final List<String> simulation;
    private final List<Child> instances = new ArrayList<>();
    private int children;
    private Child broker;
    private Child simulator;
    private final Optional<Child> registry;
    private final String bootstrapServers;
    private final String registryUrl;
    private final String modelsUrl;

    private Stack(Path folder, List<String> simulation, boolean withRegistry)
            throws InterruptedException {
        this.folder = folder;
        this.simulation = simulation;
        this.registry =
                withRegistry
                        ? Optional.of(
                                Child.java(
                                        log("registry"),
                                        List.of(),
                                        Registry.class,
                                        List.of(path("registry"))))
                        : Optional.empty();
        this.simulator = simulate(0);
        this.broker = serve(0);
        this.bootstrapServers = broker.said(READY);
        this.modelsUrl = simulator.said(MODELS);
        this.registryUrl = registry.isPresent() ? registry.get().said(READY) : "";
    }

    /// @param simulation further options of `assay simulate`, such as `--latency-ms 200`
    static Stack start(List<String> simulation, boolean withRegistry) throws InterruptedException {
        try {
            return new Stack(Files.createTempDirectory("assay-bench"), simulation, withRegistry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    String registryUrl() {
        return registryUrl;
    }

    /// The base URL for topology files.
    String modelsUrl() {
        return modelsUrl;
    }

    Child broker() {
        return broker;
    }

    Child simulator() {
        return simulator;
    }

    SimulatorStats simulatorStats() {
        return SimulatorStats.read(modelsUrl);
    }

    /// Starts one more instance of Assay and returns when it says that it runs. It keeps its state
    /// folder by its name, so one started again goes on with it.
    Child startAssay(String name, String topology, List<String> jvmOptions)
            throws InterruptedException {
        Path file = folder.resolve("bench.yaml");
        try {
            Files.writeString(file, topology);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Child instance =
                Child.java(
                        log(name),
                        jvmOptions,
                        AssayCommand.class,
                        List.of(
                                "start",
                                "-t",
                                file.toString(),
                                "--state-dir",
                                path("state-" + name)));
        instances.add(instance);
        instance.said(RUNNING);
        return instance;
    }

    /// Starts a peer and returns when it says that it is ready.
    ///
    /// @param main the name of its main class
    Child startPeer(List<String> jvmOptions, String main, List<String> arguments)
            throws InterruptedException {
        Child instance = Child.java(log("peer"), jvmOptions, main, arguments);
        instances.add(instance);
        instance.said(READY);
        return instance;
    }

    /// Starts the broker again on its data and its port.
    void startBrokerAgain() throws InterruptedException {
        broker = serve(port(bootstrapServers));
        broker.said(READY);
    }

    void startSimulatorAgain() throws InterruptedException {
        simulator = simulate(port(modelsUrl));
        simulator.said(MODELS);
    }

    /// A command of Assay that talks to this stack.
    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addAll(List.of("--bootstrap-server", bootstrapServers, "--registry", registryUrl));
        return command;
    }

    /// An input file of so many prompts, of 300 characters each.
    Path input(int prompts) throws IOException {
        Path file = folder.resolve(prompts + ".jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int line = 1; line <= prompts; line++) {
                out.write("{\"prompt\": \"" + BenchTopology.prompt(line) + "\"}\n");
            }
        }
        return file;
    }

    /// A value of a topic that is as wanted, the last one read; waits until there is one.
    <T> T last(String topic, Deserializer<T> deserializer, Predicate<T> wanted, Duration limit) {
        List<T> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "group.id",
                                "bench-" + topic + System.nanoTime(),
                                "isolation.level",
                                "read_committed",
                                "auto.offset.reset",
                                "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            long deadline = System.nanoTime() + limit.toNanos();
            while (found.isEmpty() && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    T value = deserializer.deserialize(topic, record.value());
                    if (wanted.test(value)) {
                        found.add(value);
                    }
                }
            }
        }
        return found.getLast();
    }

    /// A file for the output of one more process.
    Path log(String name) {
        return folder.resolve(name + "-" + ++children + ".log");
    }

    Path folder() {
        return folder;
    }

    /// Ends all processes and removes their data.
    @Override
    public void close() {
        instances.forEach(Child::close);
        simulator.close();
        broker.close();
        registry.ifPresent(Child::close);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Child serve(int port) {
        return Child.java(
                log("broker"),
                List.of("-Xmx1g"),
                Broker.class,
                List.of(path("kafka"), Integer.toString(port)));
    }

    private Child simulate(int port) {
        List<String> arguments =
                new ArrayList<>(List.of("simulate", "--port", Integer.toString(port)));
        arguments.addAll(simulation);
        return Child.java(log("simulator"), List.of("-Xmx512m"), AssayCommand.class, arguments);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static int port(String address) {
        return Integer.parseInt(address.replaceAll("^.*:(\\d+).*$", "$1"));
    }
}
