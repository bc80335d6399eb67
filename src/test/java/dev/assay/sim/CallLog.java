package dev.assay.sim;

import dev.assay.model.CallResult;
import dev.assay.model.ModelCard;
import dev.assay.model.Usage;
import dev.assay.provider.ModelRequest;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The models' own books: which calls were made, by whom, and what was charged.
final class CallLog {

    private static final String JUDGE = "You are an impartial judge";
    private static final String ID_BEGIN = "[id-";
    private static final String ID_END = "]";

    /// Between a stream thread's decision to call and the call itself, at most.
    private static final long TAKE_OFF_NANOS = 1_000_000;

    /// Further off than any deadline of a scenario.
    private static final Duration LONGEST_DEADLINE = Duration.ofHours(12);

    private static final int MOST_OUTPUT_TOKENS = Scenario.MAX_OUTPUT_TOKENS;

    /// A call that a model has seen.
    record Made(
            SimInstance instance, ModelCard model, String promptId, String what, long begunNanos) {}

    private final Trace trace;
    private final Scheduler scheduler;
    private final Fates fates;
    private final Scenario scenario;
    private final DayBills bills;
    private final Map<String, Integer> inFlight = new HashMap<>();
    private final Map<String, Integer> inAir = new HashMap<>();
    private final Map<String, Long> answeredBegunNanos = new HashMap<>();
    private final Map<String, Double> chargedUsd = new HashMap<>();
    private Optional<Violation> violation = Optional.empty();
    private int made;

    CallLog(Trace trace, Scheduler scheduler, Fates fates, Scenario scenario, DayBills bills) {
        this.trace = trace;
        this.scheduler = scheduler;
        this.fates = fates;
        this.scenario = scenario;
        this.bills = bills;
    }

    static boolean isCheck(ModelRequest request) {
        return request.chatJson().contains(JUDGE);
    }

    Made begins(SimInstance instance, ModelCard model, ModelRequest request) {
        String promptId = promptId(request.chatJson());
        String purpose = isCheck(request) ? "check" : "answer";
        String what = model.name() + " " + purpose + " " + promptId + " " + sent(request);
        trace.add(instance.name() + " calls " + what);
        made++;
        String lane = instance.name() + " " + model.name();
        int calls = inFlight.merge(lane, 1, Integer::sum);
        if (calls > scenario.inFlight(model.name())) {
            violated(
                    "calls in flight stay within the limit: %s has %d of %d"
                            .formatted(lane, calls, scenario.inFlight(model.name())));
        }
        int everywhere = inFlight.merge(model.name(), 1, Integer::sum);
        if (scenario.leased(model.name()) && everywhere > scenario.inFlight(model.name())) {
            violated(
                    "a limit smaller than the number of partitions holds over all instances: %s has %d of %d"
                            .formatted(model.name(), everywhere, scenario.inFlight(model.name())));
        }
        int same = inAir.merge(instance.name() + " " + what, 1, Integer::sum);
        boolean shared = promptId.startsWith(Scenario.SHARED);
        if (shared && same > 1 && !scenario.hedges() && !timed(request)) {
            violated("identical calls of an instance share one: " + what);
        }
        Long before = answeredBegunNanos.get(what);
        if (!shared && before != null && !fates.disruptedSince(before - TAKE_OFF_NANOS)) {
            violated("no call is repeated where nothing broke: " + what);
        }
        return new Made(instance, model, promptId, what, scheduler.nowNanos());
    }

    /// The model has taken up a call, or turned it away; who hears of it does not matter to it.
    void billed(Made call, ModelRequest request, CallResult result) {
        double usd =
                switch (result) {
                    case CallResult.Answered answered ->
                            call.model().price().costUsd(answered.completion().usage());
                    case CallResult.TryAgain failure ->
                            failure.billed() ? mostUsd(call.model(), request) : 0;
                    case CallResult.GiveUpOnModel _, CallResult.GiveUpOnPrompt _ -> 0;
                };
        Instant drawnAt = call.instance().clock().instant().minus(SimCalls.BEGIN);
        bills.bill(call.promptId(), usd, drawnAt).ifPresent(this::violated);
    }

    /// No token is shorter than a byte, and all are ASCII here.
    private static double mostUsd(ModelCard model, ModelRequest request) {
        return model.price()
                .costUsd(new Usage(request.chatJson().length(), 0, MOST_OUTPUT_TOKENS, 0, false));
    }

    void ends(Made call, CallResult result) {
        landed(call);
        trace.add(call.instance().name() + " has " + call.what() + " " + name(result));
        if (result instanceof CallResult.Answered answered) {
            chargedUsd.merge(
                    call.promptId(),
                    call.model().price().costUsd(answered.completion().usage()),
                    Double::sum);
            if (!answered.completion().text().startsWith(Weather.NONSENSE)) {
                answeredBegunNanos.put(call.what(), call.begunNanos());
            }
        }
    }

    /// The caller went away.
    void brokenOff(Made call) {
        landed(call);
        trace.add(call.instance().name() + " has broken off " + call.what());
    }

    double chargedUsd(String promptId) {
        return chargedUsd.getOrDefault(promptId, 0.0);
    }

    int made() {
        return made;
    }

    /// What a call has violated. A call runs on a thread whose errors are results.
    Optional<Violation> violation() {
        return violation;
    }

    private void landed(Made call) {
        inFlight.merge(call.instance().name() + " " + call.model().name(), -1, Integer::sum);
        inFlight.merge(call.model().name(), -1, Integer::sum);
        inAir.merge(call.instance().name() + " " + call.what(), -1, Integer::sum);
    }

    private void violated(String message) {
        violated(new Violation(message));
    }

    private void violated(Violation found) {
        if (violation.isEmpty()) {
            violation = Optional.of(found);
        }
    }

    /// What tells one request from another. A budget sets a limit on the answer: who has one does
    /// not ask quite the same. Nor does who has a deadline.
    private static String sent(ModelRequest request) {
        String limit =
                request.maxOutputTokens().isPresent()
                        ? "/" + request.maxOutputTokens().getAsInt()
                        : "";
        return request.chatJson().hashCode() + limit + (timed(request) ? "/timed" : "");
    }

    /// Calls of prompts with a deadline share only where their deadlines are about the same.
    private static boolean timed(ModelRequest request) {
        return request.timeLeft().compareTo(LONGEST_DEADLINE) < 0;
    }

    private static String name(CallResult result) {
        return result instanceof CallResult.Answered
                ? "answered"
                : result.getClass().getSimpleName();
    }

    /// Every prompt of a scenario names itself.
    private static String promptId(String json) {
        int begin = json.indexOf(ID_BEGIN);
        return begin < 0 ? "" : json.substring(begin + 1, json.indexOf(ID_END, begin));
    }
}
