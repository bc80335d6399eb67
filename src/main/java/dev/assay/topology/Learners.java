package dev.assay.topology;

import dev.assay.avro.PredictorRecord;
import dev.assay.decide.learn.FeatureVector;
import dev.assay.decide.learn.LearnSettings;
import dev.assay.decide.learn.Observation;
import dev.assay.decide.learn.Predictor;
import dev.assay.decide.learn.PromptFeatures;
import dev.assay.decide.learn.RouteLearner;
import dev.assay.decide.learn.Scope;

import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/// What the routes with strategy `learned` have learned of single prompts. For the stream thread of
/// the learn processor; predictors are worked out on another.
final class Learners {

    private static final Logger LOG = LoggerFactory.getLogger(Learners.class);

    /// New grades count for new prompts after so long.
    private static final Duration BETWEEN_PREDICTORS = Duration.ofSeconds(5);

    /// Of every 10,000 observations: a grade counts half after some 31,000 newer ones. Models
    /// change behind their names.
    private static final double KEPT_SHARE = 0.8;

    private static final String KEY = "learner|";

    /// Well below what a record may hold.
    private static final int PIECE_BYTES = 512 * 1024;

    private final Function<String, LearnSettings> settings;
    private final Executor solver;
    private final Map<Scope, RouteLearner> learners = new HashMap<>();
    private final Set<Scope> taught = new HashSet<>();
    private Optional<CompletableFuture<Map<Scope, Predictor>>> solving = Optional.empty();
    private Instant solveAgainAt = Instant.EPOCH;

    /// @param settings by route
    /// @param solver runs what takes tens of milliseconds
    Learners(Function<String, LearnSettings> settings, Executor solver) {
        this.settings = settings;
        this.solver = solver;
    }

    /// Learns from first rounds: whoever is asked later is asked for what others did badly on, and
    /// no feature of the prompt tells that.
    void add(Observation observation) {
        if (observation.round() != 1 || observation.text().isEmpty()) {
            return;
        }
        FeatureVector features = features(observation);
        for (Observation.Try one : observation.tries()) {
            if (one.answered() && one.grade().isPresent()) {
                observe(observation.scope(), features, one.model(), one.grade().getAsDouble());
            }
        }
    }

    /// Learns from a grade that came later for an answer of a first round.
    void addLate(Observation observation, String model, double grade) {
        if (observation.round() == 1 && !observation.text().isEmpty()) {
            observe(observation.scope(), features(observation), model, grade);
        }
    }

    private FeatureVector features(Observation observation) {
        return PromptFeatures.of(
                observation.text(),
                observation.task(),
                observation.tenant(),
                settings(observation.scope()));
    }

    private LearnSettings settings(Scope scope) {
        return settings.apply(scope.route());
    }

    private void observe(Scope scope, FeatureVector features, String model, double grade) {
        learners.computeIfAbsent(scope, _ -> new RouteLearner(settings(scope)))
                .observe(features, model, grade, 1);
        taught.add(scope);
    }

    /// Predictors that were worked out since this was last asked; begins to work out the next.
    Map<Scope, Predictor> take(Instant now) {
        Map<Scope, Predictor> done =
                solving.filter(CompletableFuture::isDone).map(this::solved).orElse(Map.of());
        if (solving.isEmpty() && !taught.isEmpty() && !now.isBefore(solveAgainAt)) {
            solveAgainAt = now.plus(BETWEEN_PREDICTORS);
            Map<Scope, byte[]> states = new HashMap<>();
            taught.forEach(
                    scope ->
                            Optional.ofNullable(learners.get(scope))
                                    .ifPresent(one -> states.put(scope, one.write())));
            taught.clear();
            solving = Optional.of(CompletableFuture.supplyAsync(() -> solve(states), solver));
        }
        return done;
    }

    private Map<Scope, Predictor> solved(CompletableFuture<Map<Scope, Predictor>> done) {
        solving = Optional.empty();
        if (done.isCompletedExceptionally()) {
            LOG.error("what was learned could not be worked out", done.exceptionNow());
            return Map.of();
        }
        return done.join();
    }

    private Map<Scope, Predictor> solve(Map<Scope, byte[]> states) {
        Map<Scope, Predictor> predictors = new HashMap<>();
        states.forEach(
                (scope, state) ->
                        predictors.put(
                                scope, RouteLearner.read(state, settings(scope)).predictor()));
        return predictors;
    }

    /// As it is published.
    static PredictorRecord record(Scope scope, Predictor predictor) {
        return PredictorRecord.newBuilder()
                .setRoute(scope.route())
                .setTenant(scope.tenant().orElse(null))
                .setGrades(predictor.observations())
                .setPredictor(ByteBuffer.wrap(predictor.write()))
                .build();
    }

    static Scope scope(PredictorRecord record) {
        return new Scope(record.getRoute(), Optional.ofNullable(record.getTenant()));
    }

    static Predictor predictor(PredictorRecord record) {
        byte[] bytes = new byte[record.getPredictor().remaining()];
        record.getPredictor().duplicate().get(bytes);
        return Predictor.read(bytes);
    }

    /// Writes all sums to the store, in pieces; from here on what they hold counts less than what
    /// comes.
    void keep(KeyValueStore<String, byte[]> store) {
        learners.forEach(
                (scope, learner) -> {
                    learner.decay(KEPT_SHARE);
                    byte[] bytes = learner.write();
                    int pieces = Math.ceilDiv(bytes.length, PIECE_BYTES);
                    for (int piece = 0; piece < pieces; piece++) {
                        int from = piece * PIECE_BYTES;
                        int to = Math.min(bytes.length, from + PIECE_BYTES);
                        store.put(key(scope, piece, pieces), Arrays.copyOfRange(bytes, from, to));
                    }
                    forgetOthers(store, scope, pieces);
                });
    }

    private static void forgetOthers(KeyValueStore<String, byte[]> store, Scope scope, int pieces) {
        String prefix = KEY + scope.key() + "|";
        Set<String> others = new HashSet<>();
        try (KeyValueIterator<String, byte[]> all =
                store.range(prefix, prefix + LearnProcessor.LAST)) {
            all.forEachRemaining(
                    entry -> {
                        if (!entry.key.endsWith("/%06d".formatted(pieces))) {
                            others.add(entry.key);
                        }
                    });
        }
        others.forEach(store::delete);
    }

    private static String key(Scope scope, int piece, int pieces) {
        return KEY + scope.key() + "|%06d/%06d".formatted(piece, pieces);
    }

    /// Takes the sums of a scope as they were kept; what other settings have written is left out,
    /// and learned anew.
    void recall(KeyValueStore<String, byte[]> store, Iterable<Scope> scopes) {
        for (Scope scope : scopes) {
            String prefix = KEY + scope.key() + "|";
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (KeyValueIterator<String, byte[]> pieces =
                    store.range(prefix, prefix + LearnProcessor.LAST)) {
                pieces.forEachRemaining(piece -> bytes.writeBytes(piece.value));
            }
            if (bytes.size() > 0) {
                try {
                    learners.put(scope, RouteLearner.read(bytes.toByteArray(), settings(scope)));
                    taught.add(scope);
                } catch (IllegalArgumentException e) {
                    LOG.warn(
                            "what route {} had learned cannot be used, and is learned anew: {}",
                            scope.route(),
                            e.getMessage());
                }
            }
        }
    }
}
