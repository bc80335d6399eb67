package dev.assay.http;

import io.javalin.config.RoutesConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.util.Optional;
import java.util.function.Consumer;

/// `/metrics` in the text formats of Prometheus.
public final class MetricsPage implements Consumer<RoutesConfig> {

    private static final String PLAIN = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final PrometheusMeterRegistry registry;

    public MetricsPage(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void accept(RoutesConfig routes) {
        routes.get(
                "/metrics",
                context -> {
                    boolean open =
                            Optional.ofNullable(context.header("Accept"))
                                    .orElse("")
                                    .contains(OPEN_METRICS);
                    String type = open ? OPEN_METRICS + "; version=1.0.0; charset=utf-8" : PLAIN;
                    context.contentType(type).result(registry.scrape(type));
                });
    }
}
