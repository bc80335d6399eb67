package dev.assay.provider.simulated;

import dev.assay.provider.ChatText;
import dev.assay.provider.simulated.SimulatedModel.Reply;
import dev.assay.provider.simulated.SimulatedServer.Options;

import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the simulated server answers to a request. Used by the server's one thread alone.
final class SimulatedApi {

    private static final String INVALID_REQUEST = "invalid_request_error";

    private final Map<String, SimulatedModel> models = new TreeMap<>();
    private final Map<String, RateLimit> rateLimits = new HashMap<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<String, ModelTraffic> traffic = new TreeMap<>();
    private final Options options;
    private final InstantSource clock;
    private final Draw failures;
    private long calls;
    private int inFlight;
    private int maxInFlight;

    SimulatedApi(Options options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
        this.failures = Draw.of(options.seed()).with("failure");
        options.models()
                .forEach(
                        (name, simulation) ->
                                models.put(
                                        name,
                                        new SimulatedModel(
                                                name,
                                                simulation,
                                                options.seed(),
                                                options.latencySigma())));
    }

    /// @param body bytes that hold the request's body, which is not kept
    ServerReply reply(RequestHead head, byte[] body, int offset, long nowNanos) {
        if (head.refusal().isPresent()) {
            return ServerReply.error(
                    head.refusal().get(),
                    "The request cannot be read",
                    INVALID_REQUEST,
                    "bad_request");
        }
        return switch (head.path()) {
            case "/v1/chat/completions" ->
                    head.method().equals("POST")
                            ? completion(head, body, offset, nowNanos)
                            : wrongMethod();
            case "/v1/models" ->
                    head.method().equals("GET")
                            ? ServerReply.now(200, modelsJson())
                            : wrongMethod();
            case "/stats" ->
                    head.method().equals("GET") ? ServerReply.now(200, statsJson()) : wrongMethod();
            default ->
                    ServerReply.error(404, "There is no such path", INVALID_REQUEST, "unknown_url");
        };
    }

    /// A call's reply is on its way from now on.
    void began(Optional<ModelTraffic> model) {
        model.ifPresent(ModelTraffic::tookOff);
        inFlight++;
        maxInFlight = Math.max(maxInFlight, inFlight);
    }

    void ended(Optional<ModelTraffic> model) {
        model.ifPresent(ModelTraffic::landed);
        inFlight--;
    }

    private ServerReply completion(RequestHead head, byte[] body, int offset, long nowNanos) {
        ChatText chat;
        try {
            chat = ChatText.parse(body, offset, head.bodyBytes());
        } catch (IOException e) {
            return ServerReply.error(
                    400,
                    "We could not parse the JSON body of your request",
                    INVALID_REQUEST,
                    "invalid_json");
        }
        String name = chat.model().orElse("");
        SimulatedModel model = models.get(name);
        if (model == null) {
            return counted(
                    "unknown",
                    ServerReply.error(
                            404,
                            "There is no such model here; there are: "
                                    + String.join(", ", models.keySet()),
                            INVALID_REQUEST,
                            "model_not_found"));
        }
        ModelTraffic seen = traffic.computeIfAbsent(name, _ -> new ModelTraffic(nowNanos));
        seen.begun(nowNanos);
        return counted(name, completion(model, chat, nowNanos, seen));
    }

    private ServerReply completion(
            SimulatedModel model, ChatText chat, long nowNanos, ModelTraffic seen) {
        if (chat.stream()) {
            return ServerReply.error(
                    400, "stream is not supported here", INVALID_REQUEST, "unsupported_value");
        }
        if (chat.messages().isEmpty()) {
            return ServerReply.error(
                    400, "messages must hold at least one", INVALID_REQUEST, "missing_messages");
        }
        Map<String, String> headers = Map.of();
        if (options.requestsPerSecond() > 0) {
            RateLimit limit =
                    rateLimits.computeIfAbsent(
                            model.name(),
                            name -> new RateLimit(options.requestsPerSecond(), nowNanos));
            if (!limit.tryTake(nowNanos)) {
                return ServerReply.now(
                        429, limit.refusalHeaders(), SimulatedFailure.RATE_LIMIT.body());
            }
            headers = limit.headers();
        }
        Reply reply = model.reply(chat);
        Draw failure = failures.with(++calls);
        if (failure.uniform() < model.simulation().failRate()) {
            SimulatedFailure kind = SimulatedFailure.of(failure.with("kind"));
            return ServerReply.now(
                    kind.status(),
                    Map.of("retry-after-ms", "100", "retry-after", "1"),
                    kind.body());
        }
        String json =
                ReplyJson.completion(
                        model.name(),
                        reply,
                        ReplyJson.message(reply.text()),
                        clock.instant().getEpochSecond());
        return new ServerReply(200, headers, json, reply.latency(), Optional.of(seen));
    }

    private ServerReply counted(String model, ServerReply reply) {
        counts.merge(model + " " + reply.status(), 1L, Long::sum);
        return reply;
    }

    private static ServerReply wrongMethod() {
        return ServerReply.error(
                405, "This path takes another method", INVALID_REQUEST, "method_not_supported");
    }

    private String modelsJson() {
        StringBuilder json = new StringBuilder("{\"object\":\"list\",\"data\":[");
        String separator = "";
        for (String name : models.keySet()) {
            json.append(separator).append("{\"id\":");
            ReplyJson.appendQuoted(json, name);
            json.append(",\"object\":\"model\",\"created\":0,\"owned_by\":\"assay\"}");
            separator = ",";
        }
        return json.append("]}").toString();
    }

    private String statsJson() {
        StringBuilder json = new StringBuilder("{\"calls\":{");
        String separator = "";
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            json.append(separator);
            ReplyJson.appendQuoted(json, count.getKey());
            json.append(':').append(count.getValue());
            separator = ",";
        }
        json.append("},\"in_flight\":").append(inFlight);
        json.append(",\"max_in_flight\":").append(maxInFlight).append(",\"models\":{");
        separator = "";
        for (Map.Entry<String, ModelTraffic> model : traffic.entrySet()) {
            json.append(separator);
            ReplyJson.appendQuoted(json, model.getKey());
            json.append(':').append(model.getValue().json());
            separator = ",";
        }
        return json.append("}}").toString();
    }
}
