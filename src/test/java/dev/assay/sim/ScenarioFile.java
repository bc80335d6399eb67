package dev.assay.sim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// The topology file of a scenario: models with their limits and retries, and a route for each way
/// to assign and check.
///
/// @param random draws what the scenario leaves open
/// @param inFlight each model's limit
/// @param hedges whether slow calls get a second try
/// @param tenantUsdPerDay empty where no tenant has a topic of its own
/// @param routeUsdPerDay the budget of the day of [Scenario#FRUGAL_ROUTE]
record ScenarioFile(
        Random random,
        Map<String, Integer> inFlight,
        boolean hedges,
        Optional<Double> tenantUsdPerDay,
        Optional<Double> routeUsdPerDay) {

    String yaml() {
        return """
        name: sim
        models:
          - %s
          - %s
          - %s
          - %s
          - %s
        routes:
          - name: cascade
            match: {task: [cascade]}
            assign: {strategy: cascade, models: [small, medium, large]}
            check: {judges: [judge, large], pass: 7}
          - name: checked
            match: {task: [checked]}
            assign: {strategy: fixed, models: [small, medium]}
            check: {rules: [{max_chars: 4000}], judges: [judge], pass: 5}
        %s
          - name: fixed
            match: {task: [fixed]}
            assign: {strategy: fixed, models: [medium, small]}
          - name: vote
            match: {task: [vote]}
            assign: {strategy: ensemble, models: [small, medium, large], pick: %s, quorum: 2, wait: %ds}
            check: {judges: [judge], pass: 6}
          - name: best
            match: {task: [best]}
            assign: {strategy: ensemble, models: [small, medium, large], n: 2, pick: best}
            check: {judges: [judge], pass: 6}
            rounds: 2
          - name: agreed
            match: {task: [agreed]}
            assign: {strategy: cascade, models: [small, large]}
            check: {agreement: other}
          - name: panel
            match: {task: [panel]}
            assign: {strategy: cascade, models: [small, large]}
            check: {judges: [judge, other, medium], panel: %s, pass: 6}
          - name: shared
            match: {task: [shared]}
            assign: {strategy: fixed, models: [small]}
            reuse: {keep_for: %ds, any_temperature: true}
          - name: other
            assign: {strategy: cheapest, models: [small, large]}
            check: {judges: [judge, medium], pass: 8}
            rounds: 2
            max_cost_usd: 0.5
        %s
        engine: {waiting_per_task: %d, max_record_bytes: %d, drain_timeout: %ds}
        """
                .formatted(
                        model("small", "one", 100),
                        model("medium", "two", 200),
                        model("large", "three", 400),
                        model("judge", "four", 100),
                        model("other", "five", 100),
                        routeUsdPerDay.map(usd -> "    usd_per_day: " + usd).orElse(""),
                        random.nextBoolean() ? "vote" : "fuse, fuse: other",
                        1 + random.nextInt(10),
                        List.of("median", "mean", "majority").get(random.nextInt(3)),
                        1 + random.nextInt(30),
                        tenantUsdPerDay
                                .map(
                                        usd ->
                                                "tenants: {%s: {topic: %s, usd_per_day: %s}}"
                                                        .formatted(
                                                                Scenario.ACME,
                                                                Scenario.ACME_TOPIC,
                                                                usd))
                                .orElse(""),
                        1 + random.nextInt(40),
                        Scenario.MAX_RECORD_BYTES,
                        1 + random.nextInt(10));
    }

    private String model(String name, String family, int usdPerMillion) {
        String requests =
                random.nextInt(3) == 0
                        ? ", requests_per_minute: " + (60 + random.nextInt(600))
                        : "";
        String hedge = hedges ? ", hedge: {quantile: 0.8, max_share: 0.5}" : "";
        return "{name: %s, provider: simulated, family: %s, price: {input: %d, output: %d}, max_output_tokens: %d, limits: {in_flight: %d%s}, retry: {attempts: %d, max_elapsed: 2m}%s}"
                .formatted(
                        name,
                        family,
                        usdPerMillion,
                        usdPerMillion,
                        Scenario.MAX_OUTPUT_TOKENS,
                        inFlight.getOrDefault(name, 1),
                        requests,
                        2 + random.nextInt(6),
                        hedge);
    }
}
