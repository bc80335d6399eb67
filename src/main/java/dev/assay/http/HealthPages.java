package dev.assay.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.topology.Health;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// `/healthz`: should this process be replaced? `/readyz`: does it do its work now? Both answer 200
/// or 503, with the reasons.
public final class HealthPages implements Consumer<RoutesConfig> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final Supplier<Health> health;

    /// @param health as it is now; called on threads of requests
    public HealthPages(Supplier<Health> health) {
        this.health = health;
    }

    @Override
    public void accept(RoutesConfig routes) {
        routes.get("/healthz", context -> answer(context, health.get().dead(), Map.of()));
        routes.get(
                "/readyz",
                context -> {
                    Health now = health.get();
                    answer(context, now.notReady(), now.details());
                });
    }

    private static void answer(Context context, List<String> reasons, Map<String, String> details) {
        ObjectNode body = JSON.createObjectNode();
        body.put("status", reasons.isEmpty() ? "ok" : "unavailable");
        reasons.forEach(body.putArray("reasons")::add);
        details.forEach(body::put);
        context.status(reasons.isEmpty() ? OK : UNAVAILABLE)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .result(body.toString());
    }
}
