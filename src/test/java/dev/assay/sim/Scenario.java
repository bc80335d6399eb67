package dev.assay.sim;

import dev.assay.avro.JobEvent;
import dev.assay.avro.JobSubmitted;
import dev.assay.avro.Message;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.decide.budget.BudgetScope;
import dev.assay.model.CheckPolicy;
import dev.assay.topology.CancelMark;
import dev.assay.topology.JobMark;
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

    static final int MAX_RECORD_BYTES = 80 * 1024;
    private static final int LONG_ANSWER_CHARS = 25_000;
    private static final int MOST_PROMPTS = 40;

    static final int MAX_OUTPUT_TOKENS = 40;

    /// The id that prompts give themselves which ask the same.
    static final String SHARED = "id-shared";

    private static final String JOB = "job-1";
    private static final Duration LONGEST_ARRIVAL = Duration.ofSeconds(60);

    /// A record from outside and when it comes.
    ///
    /// @param id empty where the record has none that counts
    /// @param ends whether something comes out for it in the end
    record Arrival(
            Duration at,
            Optional<String> id,
            ProducerRecord<byte[], byte[]> record,
            boolean ends) {}

    static final String ACME = "acme";
    static final String ACME_TOPIC = "prompts.acme";

    /// The route that has a budget of the day where any has one.
    static final String FRUGAL_ROUTE = "checked";

    /// How the texts of a tenant's shared prompts differ from those of others.
    private static final String OF_ACME = "-acme";

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant MIDNIGHT = Instant.parse("2026-01-02T00:00:00Z");

    private final Random random;
    private final Instant start;
    private final Optional<Double> tenantUsdPerDay;
    private final Optional<Double> routeUsdPerDay;
    private final Set<String> ofAcme = new HashSet<>();
    private final Map<String, String> tasks = new HashMap<>();
    private final TopologyFile file;
    private final Topics topics;
    private final Map<String, Integer> inFlight = new HashMap<>();
    private final Map<String, Double> budgetsUsd = new HashMap<>();
    private final Set<String> hasty = new HashSet<>();
    private final Set<String> cancelled = new HashSet<>();
    private final Set<String> sharing = new HashSet<>();
    private int jobLines;
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
        this.tenantUsdPerDay = random.nextInt(3) == 0 ? Optional.of(dayUsd()) : Optional.empty();
        this.routeUsdPerDay = random.nextInt(6) == 0 ? Optional.of(dayUsd()) : Optional.empty();
        this.start = random.nextInt(4) == 0 ? MIDNIGHT.minusMillis(random.nextInt(100_000)) : NOON;
        for (String model : List.of("small", "medium", "large", "judge", "other")) {
            inFlight.put(model, 1 + random.nextInt(random.nextBoolean() ? 3 : 30));
        }
        this.file =
                TopologyParser.parse(
                        new ScenarioFile(random, inFlight, hedges, tenantUsdPerDay, routeUsdPerDay)
                                .yaml(),
                        Path.of("sim.yaml"),
                        Map.of());
        this.topics = new Topics(file.topics().prefix());
    }

    /// Some of it is enough for a few prompts, some for none.
    private double dayUsd() {
        double drawn = random.nextDouble();
        return 0.05 + 4 * drawn * drawn;
    }

    /// When the world begins, by clocks that are right.
    Instant start() {
        return start;
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

    /// Whether calls of this prompt may be left in the air, since others were enough or nobody
    /// waits any more; their bill is unknown.
    boolean leavesCalls(String promptId) {
        return hasty.contains(promptId) || cancelled.contains(promptId);
    }

    /// Whether this prompt asks what others ask, to the letter; what it costs is one bill with
    /// theirs.
    boolean shares(String promptId) {
        return sharing.contains(promptId);
    }

    /// What the calls of a prompt say they are about.
    String asksAs(String promptId) {
        return shares(promptId) ? SHARED + (ofAcme.contains(promptId) ? OF_ACME : "") : promptId;
    }

    /// Whose budgets of the day a call draws on.
    ///
    /// @param asked what it is about, as [#asksAs] has it
    List<BudgetScope> dayScopes(String asked) {
        List<BudgetScope> scopes = new ArrayList<>();
        if (tenantUsdPerDay.isPresent() && (ofAcme.contains(asked) || asked.endsWith(OF_ACME))) {
            scopes.add(BudgetScope.tenant(ACME));
        }
        if (routeUsdPerDay.isPresent() && FRUGAL_ROUTE.equals(tasks.get(asked))) {
            scopes.add(BudgetScope.route(FRUGAL_ROUTE));
        }
        return scopes;
    }

    double usdPerDay(BudgetScope scope) {
        return switch (scope.kind()) {
            case TENANT -> tenantUsdPerDay.orElseThrow();
            case ROUTE -> routeUsdPerDay.orElseThrow();
        };
    }

    /// How many prompts are lines of the one job there is.
    int jobLines() {
        return jobLines;
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

    /// Whether partitions cannot carry a model's places, so that the ledger lets them.
    boolean leased(String model) {
        return inFlight(model) < partitions;
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

    /// Whether any budget limits what this prompt costs; of one that came without an id nobody
    /// knows.
    boolean mayHaveBudget(String promptId) {
        return !tasks.containsKey(promptId)
                || budgetsUsd.containsKey(promptId)
                || "other".equals(tasks.get(promptId))
                || !dayScopes(asksAs(promptId)).isEmpty();
    }

    /// All events, duplicates, rubbish and cancellations among them, and the job that some are of.
    List<Arrival> arrivals(RegistrySerdes serdes) {
        List<Arrival> arrivals = new ArrayList<>();
        int prompts = 1 + random.nextInt(MOST_PROMPTS);
        for (int number = 0; number < prompts; number++) {
            arrivals.addAll(prompt("id-" + number, serdes.promptEvent().serializer()));
        }
        arrivals.add(job(serdes.jobEvent().serializer()));
        return arrivals;
    }

    private List<Arrival> prompt(String id, Serializer<PromptEvent> serializer) {
        boolean acme = tenantUsdPerDay.isPresent() && random.nextBoolean();
        if (acme) {
            ofAcme.add(id);
        }
        PromptEvent event = event(id);
        Optional<String> known = Optional.of(event.getId()).filter(own -> !own.isEmpty());
        String shelf = random.nextInt(4) == 0 ? topics.bulk() : topics.prompts();
        String topic = acme ? topics.ofTenant(ACME_TOPIC) : shelf;
        byte[] value = serializer.serialize(topic, event);
        byte[] key = id.getBytes(StandardCharsets.UTF_8);
        int kind = random.nextInt(20);
        List<Arrival> arrivals = new ArrayList<>();
        arrivals.add(arrival(topic, known, kind == 0 ? null : key, value));
        if (kind >= 1 && kind <= 3) {
            arrivals.add(arrival(topic, known, key, value));
        }
        if (random.nextInt(4) == 0) {
            byte[] line =
                    serializer.serialize(
                            topic, PromptEvent.newBuilder(event).setJobId(JOB).build());
            arrivals.replaceAll(arrival -> ofJob(arrival, line));
            jobLines += known.isPresent() ? 1 : arrivals.size();
        }
        if (kind == 4) {
            byte[] rubbish = {7, 7, 7, (byte) value.length};
            arrivals.add(arrival(topic, Optional.empty(), key, rubbish));
        }
        if (random.nextInt(8) == 0) {
            arrivals.add(cancellation(id, key));
        }
        return arrivals;
    }

    private static Arrival ofJob(Arrival arrival, byte[] value) {
        ProducerRecord<byte[], byte[]> before = arrival.record();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        before.topic(),
                        before.partition(),
                        before.timestamp(),
                        before.key(),
                        value);
        JobMark.set(record.headers(), JOB);
        return new Arrival(arrival.at(), arrival.id(), record, arrival.ends());
    }

    private Arrival cancellation(String id, byte[] key) {
        cancelled.add(id);
        Duration at = Duration.ofMillis(random.nextLong(LONGEST_ARRIVAL.toMillis()));
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.escalated(), null, millis(at), key, new byte[0]);
        new CancelMark(Optional.empty()).set(record.headers());
        return new Arrival(at, Optional.empty(), record, false);
    }

    /// What a client says of its job before it sends the first line.
    private Arrival job(Serializer<JobEvent> serializer) {
        JobEvent submitted =
                JobEvent.newBuilder()
                        .setJob(JOB)
                        .setAt(start)
                        .setSubmitted(
                                JobSubmitted.newBuilder()
                                        .setLinesPartition(0)
                                        .setLinesOffset(0)
                                        .build())
                        .build();
        byte[] value = serializer.serialize(topics.jobsProgress(), submitted);
        byte[] key = JOB.getBytes(StandardCharsets.UTF_8);
        return new Arrival(
                Duration.ZERO,
                Optional.empty(),
                new ProducerRecord<>(
                        topics.jobsProgress(), null, millis(Duration.ZERO), key, value),
                false);
    }

    private Arrival arrival(
            String topic, Optional<String> id, byte @Nullable [] key, byte[] value) {
        Duration at = Duration.ofMillis(random.nextLong(LONGEST_ARRIVAL.toMillis()));
        // The producer of an event without a key spreads them as it likes.
        Integer partition = key == null ? random.nextInt(partitions) : null;
        return new Arrival(
                at, id, new ProducerRecord<>(topic, partition, millis(at), key, value), true);
    }

    private long millis(Duration at) {
        return start.plus(at).toEpochMilli();
    }

    private PromptEvent event(String id) {
        int kind = random.nextInt(20);
        String task =
                List.of(
                                "cascade", "checked", "fixed", "vote", "best", "agreed", "panel",
                                "shared", "other")
                        .get(random.nextInt(9));
        if (task.equals("vote")) {
            hasty.add(id);
        }
        boolean shared = task.equals("shared");
        tasks.put(id, task);
        if (shared) {
            sharing.add(id);
        }
        String text = "do something about [" + asksAs(id) + "]";
        PromptEvent.Builder event =
                PromptEvent.newBuilder()
                        .setId(kind == 0 ? "" : id)
                        .setTask(task)
                        .setPriority(random.nextBoolean() ? Priority.BULK : Priority.INTERACTIVE);
        event.setMessages(
                List.of(
                        new Message(
                                "user", kind == 1 && !shared ? text + "y".repeat(20_000) : text)));
        if (random.nextInt(8) == 0) {
            Instant deadline = start.plusMillis(random.nextLong(90_000));
            event.setDeadline(deadline);
        }
        if (random.nextInt(4) == 0) {
            double budgetUsd = random.nextDouble() * 0.4;
            budgetsUsd.put(id, budgetUsd);
            event.setMaxCostUsd(budgetUsd);
        }
        return event.build();
    }
}
