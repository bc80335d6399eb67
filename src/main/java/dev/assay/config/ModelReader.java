package dev.assay.config;

import dev.assay.config.ModelConfig.Simulation;
import dev.assay.model.HedgePolicy;
import dev.assay.model.ModelCard;
import dev.assay.model.Price;
import dev.assay.model.RetryPolicy;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads one entry of `models`.
final class ModelReader {

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final Duration LONGEST_SIMULATED = Duration.ofHours(1);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(1);
    private static final int MOST_TOKENS = 1_000_000_000;
    private static final int MOST_IN_FLIGHT = 100_000;
    private static final int MOST_REQUESTS_PER_MINUTE = 100_000_000;
    private static final int MOST_ATTEMPTS = 100;
    private static final double HIGHEST_PRICE_USD = 1_000_000;
    private static final double BEST_SKILL = 10;
    private static final int LAST_PORT = 65_535;
    private static final double LOWEST_QUANTILE = 0.5;
    private static final double HIGHEST_QUANTILE = 0.999;
    private static final double DEFAULT_QUANTILE = 0.95;
    private static final double DEFAULT_HEDGED_SHARE = 0.05;

    private static final Map<String, ProviderKind> PROVIDERS =
            Map.of(
                    "openai", ProviderKind.OPENAI,
                    "openai_completions", ProviderKind.OPENAI_COMPLETIONS,
                    "anthropic", ProviderKind.ANTHROPIC,
                    "simulated", ProviderKind.SIMULATED);
    private static final Map<String, String> PROVIDERS_LATER = Map.of("recorded", "simulated");

    /// Fields of a request that Assay itself sets, and so no entry may touch.
    private static final Set<String> OWN_FIELDS =
            Set.of("model", "messages", "prompt", "stream", "stream_options");

    private static final List<String> KEYS_OF_REAL_MODELS =
            List.of(
                    "base_url",
                    "api_key",
                    "headers",
                    "query",
                    "params",
                    "drop_params",
                    "rename_params",
                    "prompt_template",
                    "structured_output");

    /// RFC 9110, section 5.6.2.
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /// Headers that follow from the body.
    private static final Set<String> OWN_HEADERS = Set.of("content-length", "transfer-encoding");

    /// Not [URI#getHost], which knows no names with an underscore, as containers often have them.
    private static final Pattern HOST =
            Pattern.compile("([\\w.-]+|\\[[0-9A-Fa-f:.]+])(:(?<port>[0-9]{1,5}))?");

    private ModelReader() {}

    static ModelConfig read(Section model) {
        String name = model.required("name", "name: small").flatMap(Field::name).orElse("");
        Optional<ProviderKind> provider =
                model.required("provider", "provider: openai")
                        .flatMap(field -> field.choice(PROVIDERS, PROVIDERS_LATER));
        Optional<URI> baseUrl = model.field("base_url").flatMap(ModelReader::baseUrl);
        String providerModel = model.field("model").flatMap(Field::textUnlessEmpty).orElse(name);
        String identity = baseUrl.map(url -> providerModel + " at " + url).orElse(name);
        ModelConfig config =
                new ModelConfig(
                        card(name, identity, model),
                        provider.orElse(ProviderKind.OPENAI),
                        baseUrl,
                        providerModel,
                        model.field("api_key").flatMap(ModelReader::apiKey),
                        headers(model),
                        model.texts("query"),
                        params(model),
                        dropParams(model),
                        renameParams(model),
                        model.field("prompt_template").flatMap(ModelReader::promptTemplate),
                        model.section("limits").map(ModelReader::limits).orElse(Limits.NONE),
                        model.duration("timeout", SHORTEST, LONGEST).orElse(DEFAULT_TIMEOUT),
                        model.duration("idle_timeout", SHORTEST, LONGEST)
                                .orElse(DEFAULT_IDLE_TIMEOUT),
                        model.section("simulate")
                                .map(ModelReader::simulation)
                                .orElse(Simulation.DEFAULT),
                        model.section("hedge").map(ModelReader::hedge));
        provider.ifPresent(kind -> checkKeysOf(kind, model));
        model.refuseUnknownKeys();
        return config;
    }

    private static ModelCard card(String name, String identity, Section model) {
        OptionalInt context = model.integer("context", 1, MOST_TOKENS);
        OptionalInt maxOutput = model.integer("max_output_tokens", 1, MOST_TOKENS);
        if (context.isPresent()
                && maxOutput.isPresent()
                && maxOutput.getAsInt() > context.getAsInt()) {
            model.field("max_output_tokens")
                    .ifPresent(
                            field ->
                                    field.problem(
                                            "is more than context, which holds input and output"
                                                    + " together; lower it"));
        }
        return new ModelCard(
                name,
                identity,
                model.field("family").flatMap(Field::textUnlessEmpty),
                model.section("price").map(ModelReader::price).orElse(Price.FREE),
                context,
                maxOutput,
                Set.copyOf(model.names("tags")),
                model.section("retry").map(ModelReader::retry).orElse(RetryPolicy.DEFAULT),
                model.field("structured_output").flatMap(Field::flag).orElse(false));
    }

    private static Price price(Section price) {
        double input = price.number("input", 0, HIGHEST_PRICE_USD).orElse(0);
        double output = price.number("output", 0, HIGHEST_PRICE_USD).orElse(0);
        double cachedInput = price.number("cached_input", 0, HIGHEST_PRICE_USD).orElse(input);
        double call = price.number("call", 0, HIGHEST_PRICE_USD).orElse(0);
        price.refuseUnknownKeys();
        return new Price(input, output, cachedInput, call);
    }

    private static RetryPolicy retry(Section retry) {
        RetryPolicy policy =
                new RetryPolicy(
                        retry.integer("attempts", 1, MOST_ATTEMPTS)
                                .orElse(RetryPolicy.DEFAULT.attempts()),
                        retry.duration("max_elapsed", SHORTEST, LONGEST)
                                .orElse(RetryPolicy.DEFAULT.maxElapsed()));
        retry.refuseUnknownKeys();
        return policy;
    }

    private static Limits limits(Section limits) {
        Limits read =
                new Limits(
                        limits.integer("in_flight", 1, MOST_IN_FLIGHT),
                        limits.integer("requests_per_minute", 1, MOST_REQUESTS_PER_MINUTE),
                        limits.integer("tokens_per_minute", 1, MOST_TOKENS));
        limits.refuseUnknownKeys();
        return read;
    }

    private static Simulation simulation(Section simulate) {
        Simulation defaults = Simulation.DEFAULT;
        Simulation simulation =
                new Simulation(
                        simulate.duration("latency", Duration.ZERO, LONGEST_SIMULATED)
                                .orElse(defaults.latency()),
                        simulate.number("skill", 0, BEST_SKILL).orElse(defaults.skill()),
                        simulate.number("fail_rate", 0, 1).orElse(defaults.failRate()));
        simulate.refuseUnknownKeys();
        return simulation;
    }

    /// Without the slashes at its end. No message shows it, as it may hold a password.
    private static Optional<URI> baseUrl(Field field) {
        return field.filled()
                .flatMap(
                        text -> {
                            URI url;
                            try {
                                url = new URI(text.strip().replaceFirst("/+$", ""));
                            } catch (URISyntaxException e) {
                                return field.reject(
                                        "is no URL; write one such as https://api.example.com/v1");
                            }
                            Optional<String> wrong = wrongIn(url);
                            return wrong.isPresent() ? field.reject(wrong.get()) : Optional.of(url);
                        });
    }

    private static Optional<String> wrongIn(URI url) {
        if (!"http".equalsIgnoreCase(url.getScheme())
                && !"https".equalsIgnoreCase(url.getScheme())) {
            return Optional.of("begins with neither http:// nor https://; write the whole URL");
        }
        String authority = Objects.requireNonNullElse(url.getRawAuthority(), "");
        if (authority.contains("@")) {
            return Optional.of("has a user or password in it; use api_key or headers");
        }
        Matcher host = HOST.matcher(authority);
        if (!host.matches()
                || Integer.parseInt(Objects.requireNonNullElse(host.group("port"), "0"))
                        > LAST_PORT) {
            return Optional.of(
                    "names no host, or a port that cannot be; write one such as"
                            + " https://api.example.com/v1");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            return Optional.of("has a ? or # in it; use the key query");
        }
        if (url.getRawPath().endsWith("/completions")) {
            return Optional.of(
                    "has the endpoint's path in it; leave out /chat/completions or /completions");
        }
        if (url.getRawPath().endsWith("/messages")) {
            return Optional.of("has the endpoint's path in it; leave out /messages");
        }
        return Optional.empty();
    }

    /// No message shows any of it. Empty is absent, as servers of one's own need no key.
    private static Optional<Secret> apiKey(Field field) {
        return field.oneLine()
                .filter(key -> !key.isEmpty())
                .flatMap(
                        key ->
                                key.equals(key.strip())
                                        ? Optional.of(new Secret(key))
                                        : field.reject("has space around it; remove it"));
    }

    private static Optional<String> promptTemplate(Field field) {
        return field.filled()
                .flatMap(
                        template ->
                                template.contains("{transcript}") || template.contains("{prompt}")
                                        ? Optional.of(template)
                                        : field.reject(
                                                "has no place for the prompt; put {transcript} or"
                                                        + " {prompt} into it"));
    }

    private static Map<String, String> headers(Section model) {
        Optional<Field> headers = model.field("headers");
        headers.ifPresent(
                field ->
                        field.members()
                                .forEach(
                                        (name, value) -> {
                                            if (!HEADER_NAME.matcher(name).matches()) {
                                                value.problem(
                                                        "is no name of a request header; use"
                                                                + " letters, digits and -");
                                            }
                                            if (OWN_HEADERS.contains(
                                                    name.toLowerCase(Locale.ROOT))) {
                                                value.problem(setByAssay(name));
                                            }
                                        }));
        return headers.map(field -> field.members(Field::oneLine)).orElse(Map.of());
    }

    private static HedgePolicy hedge(Section hedge) {
        HedgePolicy policy =
                new HedgePolicy(
                        hedge.number("quantile", LOWEST_QUANTILE, HIGHEST_QUANTILE)
                                .orElse(DEFAULT_QUANTILE),
                        hedge.number("max_share", 0, 1).orElse(DEFAULT_HEDGED_SHARE));
        hedge.refuseUnknownKeys();
        return policy;
    }

    private static Map<String, Object> params(Section model) {
        Optional<Field> params = model.field("params");
        params.ifPresent(
                field ->
                        field.members()
                                .forEach(
                                        (name, value) -> {
                                            refuseOwnField(name, value);
                                            if (name.equals("n")) {
                                                value.problem(
                                                        "more answers to one request are not read;"
                                                                + " leave it out");
                                            }
                                        }));
        return params.map(field -> field.members(JsonReader::read)).orElse(Map.of());
    }

    private static List<String> dropParams(Section model) {
        List<Field> items = model.items("drop_params");
        return Field.distinct(
                items,
                item -> {
                    Optional<String> name = item.name();
                    name.ifPresent(present -> refuseOwnField(present, item));
                    return name;
                });
    }

    private static Map<String, String> renameParams(Section model) {
        Optional<Field> renames = model.field("rename_params");
        renames.ifPresent(
                field ->
                        field.members()
                                .forEach(
                                        (name, newName) -> {
                                            refuseOwnField(name, newName);
                                            newName.name()
                                                    .ifPresent(to -> refuseOwnField(to, newName));
                                        }));
        return renames.map(field -> field.members(Field::name)).orElse(Map.of());
    }

    private static void refuseOwnField(String name, Field field) {
        if (OWN_FIELDS.contains(name)) {
            field.problem(setByAssay(name));
        }
    }

    private static String setByAssay(String name) {
        return name + " is set by Assay itself; leave it out";
    }

    private static void checkKeysOf(ProviderKind provider, Section model) {
        switch (provider) {
            case OPENAI -> {
                model.required("base_url", "base_url: https://api.openai.com/v1");
                model.misplaced(
                        "prompt_template", "belongs to provider openai_completions; leave it out");
                model.misplaced("simulate", "belongs to provider simulated; leave it out");
            }
            case OPENAI_COMPLETIONS -> {
                model.required("base_url", "base_url: https://api.goose.ai/v1");
                model.misplaced("simulate", "belongs to provider simulated; leave it out");
            }
            case ANTHROPIC -> {
                model.required("base_url", "base_url: https://api.anthropic.com/v1");
                model.misplaced(
                        "prompt_template", "belongs to provider openai_completions; leave it out");
                model.misplaced("simulate", "belongs to provider simulated; leave it out");
            }
            case SIMULATED ->
                    KEYS_OF_REAL_MODELS.forEach(
                            key ->
                                    model.misplaced(
                                            key,
                                            "has no meaning for a simulated model; leave it out"));
        }
    }
}
