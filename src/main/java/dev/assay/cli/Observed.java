package dev.assay.cli;

import dev.assay.config.TenantConfig;
import dev.assay.config.TopologyFile;
import dev.assay.decide.job.Job;
import dev.assay.decide.learn.Scorecard;
import dev.assay.http.ApiKeys;
import dev.assay.http.DashboardPage;
import dev.assay.http.HealthPages;
import dev.assay.http.HttpServer;
import dev.assay.http.HttpServerException;
import dev.assay.http.JobPages;
import dev.assay.http.MetricsPage;
import dev.assay.http.OverviewPage;
import dev.assay.http.PromptGateway;
import dev.assay.http.Readings;
import dev.assay.http.ScorecardPages;
import dev.assay.http.files.FileStore;
import dev.assay.http.openai.BatchPages;
import dev.assay.http.openai.BatchService;
import dev.assay.http.openai.ChatPages;
import dev.assay.http.openai.FilePages;
import dev.assay.http.openai.PromptPages;
import dev.assay.topology.Health;
import dev.assay.topology.Pipeline;
import dev.assay.topology.PromptQueries;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.apache.kafka.streams.state.HostInfo;

import picocli.CommandLine.Option;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What an instance serves over HTTP, from its first moment: health and metrics for operators,
/// OpenAI's API for programs.
final class Observed implements AutoCloseable {

    /// Where to listen.
    static final class Address {

        @Option(
                names = "--http-port",
                paramLabel = "PORT",
                defaultValue = "8080",
                converter = PortConverter.class,
                description =
                        "For the dashboard, /v1, /healthz, /readyz and /metrics; default: ${DEFAULT-VALUE}; 0 takes a free one")
        private int port;

        @Option(
                names = "--http-host",
                paramLabel = "HOST",
                defaultValue = "127.0.0.1",
                description =
                        "Any other than this machine's own needs keys in ASSAY_API_KEYS; default: ${DEFAULT-VALUE}")
        private String host;

        private Address withAnyPort() {
            Address other = new Address();
            other.port = 0;
            other.host = host;
            return other;
        }
    }

    private static final int USUAL_PORT = 8080;
    private static final InstantSource CLOCK = InstantSource.system();

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final HttpServer server;
    private volatile Supplier<Health> health = Health::starting;
    private volatile Supplier<Optional<List<Job>>> jobs = Optional::empty;
    private volatile Supplier<Optional<List<Scorecard>>> cards = Optional::empty;
    private volatile Optional<PromptQueries> queries = Optional.empty();
    private volatile Optional<PromptGateway> gateway = Optional.empty();
    private volatile Optional<BatchService> batches = Optional.empty();

    /// @throws HttpServerException if it cannot listen there, or the keys do not suit the file
    Observed(TopologyFile file, Address address, ApiKeys keys) {
        keys.requireTenants(
                file.tenants().stream().map(TenantConfig::name).collect(Collectors.toSet()));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        this.server =
                HttpServer.start(
                        address.host,
                        address.port,
                        keys,
                        List.of(
                                new HealthPages(() -> health.get()),
                                new MetricsPage(registry),
                                new DashboardPage(),
                                new OverviewPage(
                                        new Readings(registry),
                                        () -> health.get(),
                                        () -> jobs.get(),
                                        () -> cards.get(),
                                        CLOCK),
                                new JobPages(() -> jobs.get()),
                                new ScorecardPages(() -> cards.get()),
                                new ChatPages(file, () -> gateway, CLOCK),
                                new PromptPages(() -> gateway, () -> queries),
                                new FilePages(() -> batches.map(BatchService::files), file.api()),
                                new BatchPages(() -> batches, CLOCK)));
    }

    /// One of several instances on a machine: where another has the usual port, any free one.
    static Observed besideOthers(TopologyFile file, Address address, ApiKeys keys) {
        try {
            return new Observed(file, address, keys);
        } catch (HttpServerException e) {
            if (address.port != USUAL_PORT || !e.portTaken()) {
                throw e;
            }
            return new Observed(file, address.withAnyPort(), keys);
        }
    }

    MeterRegistry meters() {
        return registry;
    }

    /// Where other instances ask for what this one has.
    Optional<HostInfo> address() {
        return Optional.of(server.address());
    }

    /// From now on the pipeline tells how it is, and prompts go to it.
    ///
    /// @param file with the addresses of Kafka and the registry
    /// @param folder where callers' files and batches are kept; nobody else's
    void follow(Pipeline pipeline, TopologyFile file, Path folder) {
        health = pipeline::health;
        jobs = () -> Optional.of(pipeline.jobs().all());
        queries = Optional.of(pipeline.queries());
        cards = () -> Optional.of(pipeline.scorecards());
        gateway = Optional.of(PromptGateway.open(file));
        FileStore files = FileStore.open(folder.resolve("files"), file.api(), CLOCK);
        batches = Optional.of(BatchService.start(folder.resolve("batches"), files, file, CLOCK));
    }

    void announce(PrintWriter err) {
        err.printf("dashboard        %s/%n", server.url());
        err.printf("health, metrics  %s/readyz %s/metrics%n", server.url(), server.url());
        err.printf("OpenAI's API     %s/v1%n", server.url());
    }

    @Override
    public void close() {
        server.close();
        batches.ifPresent(BatchService::close);
        gateway.ifPresent(PromptGateway::close);
        collections.close();
        registry.close();
    }
}
