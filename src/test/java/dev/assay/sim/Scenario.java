package dev.assay.sim;

import dev.assay.avro.Message;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.model.CheckPolicy;
import dev.assay.topology.Topics;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// What one run is about: a topology file and the events that come, drawn from the seed.
final class Scenario {

    private static final int MAX_RECORD_BYTES = 80 * 1024;
    private static final int LONG_ANSWER_CHARS = 25_000;
    private static final int MOST_PROMPTS = 40;
    private static final Duration LONGEST_ARRIVAL = Duration.ofSeconds(60);

    /// An event and when it comes.
    ///
    /// @param id empty where the event has none that counts
    record Arrival(Duration at, Optional<String> id, ProducerRecord<byte[], byte[]> record) {}

    private final Random random;
    private final TopologyFile file;
    private final Topics topics;
    private final Map<String, Integer> inFlight = new HashMap<>();
    private final Map<String, Double> budgetsUsd = new HashMap<>();
    private final Set<String> hasty = new HashSet<>();
    private final Duration timeout;
    private final int partitions;
    private final int bufferedRecords;
    private final boolean hedges;

    Scenario(long seed) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + 3);
        this.partitions = 1 + random.nextInt(4);
        this.timeout = Duration.ofSeconds(1 + random.nextInt(20));
        this.bufferedRecords = 1 + random.nextInt(50);
        this.hedges = random.nextInt(4) == 0;
        for (String model : List.of("small", "medium", "large", "judge", "other")) {
            inFlight.put(model, 1 + random.nextInt(random.nextBoolean() ? 3 : 30));
        }
        this.file = TopologyParser.parse(yaml(), Path.of("sim.yaml"), Map.of());
        this.topics = new Topics(file.topics().prefix());
    }

    TopologyFile file() {
        return file;
    }

    Topics topics() {
        return topics;
    }

    int partitions() {
        return partitions;
    }

    int bufferedRecords() {
        return bufferedRecords;
    }

    /// Whether slow calls get a second try, whose bill is unknown.
    boolean hedges() {
        return hedges;
    }

    /// Whether calls of this prompt may be left in the air, since others were enough; their bill is
    /// unknown.
    boolean leavesCalls(String promptId) {
        return hasty.contains(promptId);
    }

    Duration timeout() {
        return timeout;
    }

    int longAnswerChars() {
        return LONG_ANSWER_CHARS;
    }

    /// A model's limit of calls in flight.
    int inFlight(String model) {
        return inFlight.getOrDefault(model, Integer.MAX_VALUE);
    }

    CheckPolicy policy(String route) {
        return file.routes().stream()
                .filter(known -> known.name().equals(route))
                .map(known -> known.check())
                .findFirst()
                .orElse(CheckPolicy.NONE);
    }

    /// What a prompt may cost.
    Optional<Double> budgetUsd(String promptId) {
        return Optional.ofNullable(budgetsUsd.get(promptId));
    }

    /// All events, duplicates and rubbish among them.
    List<Arrival> arrivals(Serializer<PromptEvent> serializer) {
        List<Arrival> arrivals = new ArrayList<>();
        int prompts = 1 + random.nextInt(MOST_PROMPTS);
        for (int number = 0; number < prompts; number++) {
            String id = "id-" + number;
            PromptEvent event = event(id);
            Optional<String> known = Optional.of(event.getId()).filter(own -> !own.isEmpty());
            byte[] value = serializer.serialize(topics.prompts(), event);
            byte[] key = id.getBytes(StandardCharsets.UTF_8);
            int kind = random.nextInt(20);
            arrivals.add(arrival(known, kind == 0 ? null : key, value));
            if (kind >= 1 && kind <= 3) {
                arrivals.add(arrival(known, key, value));
            } else if (kind == 4) {
                arrivals.add(arrival(Optional.empty(), key, new byte[] {7, 7, 7, (byte) number}));
            }
        }
        return arrivals;
    }

    private Arrival arrival(Optional<String> id, byte @Nullable [] key, byte[] value) {
        Duration at = Duration.ofMillis(random.nextLong(LONGEST_ARRIVAL.toMillis()));
        long timestampMs = SimClock.START.plus(at).toEpochMilli();
        // The producer of an event without a key spreads them as it likes.
        Integer partition = key == null ? random.nextInt(partitions) : null;
        return new Arrival(
                at, id, new ProducerRecord<>(topics.prompts(), partition, timestampMs, key, value));
    }

    private PromptEvent event(String id) {
        String text = "do something about [" + id + "]";
        int kind = random.nextInt(20);
        String task =
                List.of("cascade", "checked", "fixed", "vote", "best", "agreed", "other")
                        .get(random.nextInt(7));
        if (task.equals("vote")) {
            hasty.add(id);
        }
        PromptEvent.Builder event =
                PromptEvent.newBuilder()
                        .setId(kind == 0 ? "" : id)
                        .setTask(task)
                        .setPriority(random.nextBoolean() ? Priority.BULK : Priority.INTERACTIVE);
        event.setMessages(
                List.of(new Message("user", kind == 1 ? text + "y".repeat(20_000) : text)));
        if (random.nextInt(8) == 0) {
            Instant deadline = SimClock.START.plusMillis(random.nextLong(90_000));
            event.setDeadline(deadline);
        }
        if (random.nextInt(4) == 0) {
            double budgetUsd = random.nextDouble() * 0.4;
            budgetsUsd.put(id, budgetUsd);
            event.setMaxCostUsd(budgetUsd);
        }
        return event.build();
    }

    private String yaml() {
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
          - name: other
            assign: {strategy: cheapest, models: [small, large]}
            check: {judges: [judge, medium], pass: 8}
            rounds: 2
            max_cost_usd: 0.5
        engine: {waiting_per_task: %d, max_record_bytes: %d, drain_timeout: %ds}
        """
                .formatted(
                        model("small", "one", 100),
                        model("medium", "two", 200),
                        model("large", "three", 400),
                        model("judge", "four", 100),
                        model("other", "five", 100),
                        random.nextBoolean() ? "vote" : "fuse, fuse: other",
                        1 + random.nextInt(10),
                        1 + random.nextInt(40),
                        MAX_RECORD_BYTES,
                        1 + random.nextInt(10));
    }

    private String model(String name, String family, int usdPerMillion) {
        String requests =
                random.nextInt(3) == 0
                        ? ", requests_per_minute: " + (60 + random.nextInt(600))
                        : "";
        String hedge = hedges ? ", hedge: {quantile: 0.8, max_share: 0.5}" : "";
        return "{name: %s, provider: simulated, family: %s, price: {input: %d, output: %d}, max_output_tokens: 40, limits: {in_flight: %d%s}, retry: {attempts: %d, max_elapsed: 2m}%s}"
                .formatted(
                        name,
                        family,
                        usdPerMillion,
                        usdPerMillion,
                        inFlight.getOrDefault(name, 1),
                        requests,
                        2 + random.nextInt(6),
                        hedge);
    }
}
