package dev.assay.config;

import dev.assay.model.HedgePolicy;
import dev.assay.model.ModelCard;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One entry of `models` in the topology file: what decisions know of it, and how it is reached.
///
/// @param baseUrl where the provider listens, without the endpoint's path; absent for simulated
///   models
/// @param providerModel the provider's name for the model
/// @param headers further request headers
/// @param query further query parameters
/// @param params set on every request, over what the request holds; values are JSON (Map, List,
///   String, Number, Boolean)
/// @param dropParams request fields left out for this model
/// @param renameParams request fields renamed for this model, old name to new
/// @param promptTemplate how messages become one text, for the completions protocol
/// @param timeout the longest one try may take
/// @param idleTimeout the longest wait between bytes
/// @param simulation how a simulated model behaves
/// @param hedge where slow calls get a second try beside them
public record ModelConfig(
        ModelCard card,
        ProviderKind provider,
        Optional<URI> baseUrl,
        String providerModel,
        Optional<Secret> apiKey,
        Map<String, String> headers,
        Map<String, String> query,
        Map<String, Object> params,
        List<String> dropParams,
        Map<String, String> renameParams,
        Optional<String> promptTemplate,
        Limits limits,
        Duration timeout,
        Duration idleTimeout,
        Simulation simulation,
        Optional<HedgePolicy> hedge) {

    public ModelConfig {
        headers = ordered(headers);
        query = ordered(query);
        params = ordered(params);
        dropParams = List.copyOf(dropParams);
        renameParams = ordered(renameParams);
    }

    public String name() {
        return card.name();
    }

    /// Without headers, query and params, which may hold keys.
    @Override
    public String toString() {
        return "ModelConfig["
                + name()
                + ", "
                + provider
                + ", "
                + baseUrl.map(URI::toString).orElse("no URL")
                + "]";
    }

    /// In the order of the file, so that requests are the same bytes in every run.
    private static <V> Map<String, V> ordered(Map<String, V> values) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// How a simulated model behaves.
    ///
    /// @param latency the median time of an answer
    /// @param skill how good its answers are on average, 0 to 10
    /// @param failRate the share of calls that fail with 429, 500 or 503, 0 to 1
    public record Simulation(Duration latency, double skill, double failRate) {

        public static final Simulation DEFAULT = new Simulation(Duration.ofMillis(200), 7, 0);
    }
}
