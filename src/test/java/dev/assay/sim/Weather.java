package dev.assay.sim;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.FailureCode;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/// How the models are: fair, or something of all that models do. Changes every few seconds, for
/// each model by itself, and is fair in the end.
final class Weather {

    /// What a model does with most of its calls for a while.
    private enum Sky {
        FAIR,
        RATE_LIMITED,
        FAILING,
        STALLED,
        TRICKLING,
        HALF_BODIES,
        OUT_OF_SERVICE,
        CHATTY,
        NONSENSE,
        MIXED
    }

    /// What becomes of a call.
    record Reply(Duration takes, CallResult result) {}

    private record Spell(Sky sky, long untilNanos) {}

    private static final Duration LONGEST_SPELL = Duration.ofSeconds(20);

    /// How an answer begins that says nothing.
    static final String NONSENSE = "what a day";

    /// More than any timeout.
    private static final Duration NEVER = Duration.ofMinutes(30);

    private final RandomGenerator random;
    private final Scheduler scheduler;
    private final Scenario scenario;
    private final Map<String, Spell> spells = new HashMap<>();
    private final List<Sky> skies;
    private final long fairFromNanos;

    Weather(long seed, Scheduler scheduler, Scenario scenario) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L + 2);
        this.scheduler = scheduler;
        this.scenario = scenario;
        List<Sky> all = List.of(Sky.values());
        int kinds = random.nextInt(4);
        this.skies = random.ints(kinds, 0, all.size()).mapToObj(all::get).distinct().toList();
        this.fairFromNanos = kinds == 0 ? 0 : random.nextLong(90_000_000_000L);
    }

    Duration fairFrom() {
        return Duration.ofNanos(fairFromNanos);
    }

    /// @param bytes of the request, which are ASCII: it has no more tokens than that
    Reply reply(String model, boolean check, String promptId, int bytes) {
        Sky sky = sky(model);
        Duration takes = between(30, 3_000);
        return switch (sky == Sky.MIXED ? any() : random.nextInt(10) < 8 ? sky : Sky.FAIR) {
            case FAIR, MIXED -> new Reply(takes, good(check, promptId, bytes, 1));
            case RATE_LIMITED -> new Reply(between(5, 100), turnedAway());
            case FAILING ->
                    new Reply(
                            between(5, 3_000),
                            SimModel.tryAgain("503", Optional.empty(), Evidence.CONGESTED, false));
            case STALLED -> new Reply(NEVER, good(check, promptId, bytes, 1));
            case TRICKLING -> new Reply(takes.multipliedBy(20), good(check, promptId, bytes, 1));
            case HALF_BODIES ->
                    new Reply(
                            takes,
                            SimModel.tryAgain(
                                    "half a body", Optional.empty(), Evidence.NONE, true));
            case OUT_OF_SERVICE ->
                    new Reply(
                            between(5, 100),
                            new CallResult.GiveUpOnModel(
                                    new CallError(FailureCode.PROVIDER_ERROR, "401")));
            case CHATTY ->
                    new Reply(takes, good(check, promptId, bytes, scenario.longAnswerChars()));
            case NONSENSE ->
                    new Reply(
                            takes,
                            random.nextInt(4) == 0
                                    ? new CallResult.GiveUpOnPrompt(
                                            new CallError(FailureCode.CONTENT_FILTER, "filtered"))
                                    : SimModel.answered(NONSENSE + " [" + promptId + "]", 10, 5));
        };
    }

    private CallResult turnedAway() {
        int kind = random.nextInt(3);
        Optional<Duration> wait = kind == 0 ? Optional.empty() : Optional.of(between(10, 10_000));
        return SimModel.tryAgain(
                "429", wait, kind == 2 ? Evidence.EXHAUSTED : Evidence.CONGESTED, false);
    }

    /// One in four is as dear as it can be.
    private CallResult good(boolean check, String promptId, int bytes, int padding) {
        String text =
                check
                        ? "{\"reason\": \"seen\", \"score\": " + (1 + random.nextInt(10)) + "}"
                        : "answer %s to [%s] is %d"
                                .formatted("x".repeat(padding), promptId, 1 + random.nextInt(2));
        return random.nextInt(4) == 0
                ? SimModel.answered(text, bytes, Scenario.MAX_OUTPUT_TOKENS)
                : SimModel.answered(text, 1 + random.nextInt(9), 1 + random.nextInt(20));
    }

    private Sky any() {
        Sky[] all = Sky.values();
        return all[random.nextInt(all.length)];
    }

    private Sky sky(String model) {
        long now = scheduler.nowNanos();
        if (now >= fairFromNanos || skies.isEmpty()) {
            return Sky.FAIR;
        }
        Spell spell = spells.get(model);
        if (spell == null || now >= spell.untilNanos()) {
            Sky next = random.nextInt(3) == 0 ? Sky.FAIR : skies.get(random.nextInt(skies.size()));
            spell = new Spell(next, now + random.nextLong(LONGEST_SPELL.toNanos()));
            spells.put(model, spell);
        }
        return spell.sky();
    }

    private Duration between(int fromMs, int toMs) {
        return Duration.ofMillis(random.nextLong(fromMs, toMs));
    }
}
