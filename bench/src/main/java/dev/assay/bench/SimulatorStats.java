package dev.assay.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;

/// What the simulator has seen since its start.
///
/// @param answered calls that got an answer or were to get one, of all models
/// @param inFlight calls whose answer is not due yet
/// @param models by the model's name
record SimulatorStats(long answered, long inFlight, long maxInFlight, Map<String, Model> models) {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    /// @param begun calls, refused ones too
    /// @param maxPerMinute the most that began in any 60 s
    record Model(long begun, long inFlight, long maxInFlight, long maxPerMinute) {}

    /// @param modelsUrl the simulator's base URL, with its path
    static SimulatorStats read(String modelsUrl) {
        URI address = URI.create(modelsUrl).resolve("/stats");
        try {
            String body =
                    CLIENT.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                            .body();
            return of(JSON.readTree(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static SimulatorStats of(JsonNode json) {
        long answered = 0;
        for (Map.Entry<String, JsonNode> count : json.path("calls").properties()) {
            if (count.getKey().endsWith(" 200")) {
                answered += count.getValue().asLong();
            }
        }
        Map<String, Model> models = new TreeMap<>();
        for (Map.Entry<String, JsonNode> model : json.path("models").properties()) {
            models.put(
                    model.getKey(),
                    new Model(
                            model.getValue().path("begun").asLong(),
                            model.getValue().path("in_flight").asLong(),
                            model.getValue().path("max_in_flight").asLong(),
                            model.getValue().path("max_per_minute").asLong()));
        }
        return new SimulatorStats(
                answered,
                json.path("in_flight").asLong(),
                json.path("max_in_flight").asLong(),
                models);
    }
}
