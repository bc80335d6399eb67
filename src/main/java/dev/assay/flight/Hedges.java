package dev.assay.flight;

import dev.assay.decide.limit.HedgeState;
import dev.assay.model.HedgePolicy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// How slow the calls of each model are, and which may have a second try beside them. Safe for any
/// thread.
public final class Hedges {

    private final Map<String, HedgePolicy> policies;
    private final Map<String, HedgeState> states = new ConcurrentHashMap<>();

    /// @param policies of the models whose slow calls get a second try
    public Hedges(Map<String, HedgePolicy> policies) {
        this.policies = Map.copyOf(policies);
        this.policies.keySet().forEach(model -> states.put(model, HedgeState.FRESH));
    }

    public boolean covers(String model) {
        return policies.containsKey(model);
    }

    /// How long a call of the model must be in the air before it is slow; empty while that is not
    /// known, or for a model without second tries.
    public Optional<Duration> slowAfter(String model) {
        return Optional.ofNullable(states.get(model)).flatMap(HedgeState::slowAfter);
    }

    /// Takes the right to one second try, if the model's share allows it now.
    public boolean tryHedge(String model) {
        AtomicBoolean allowed = new AtomicBoolean();
        states.computeIfPresent(
                model,
                (_, state) -> {
                    Optional<HedgeState> hedged = state.hedged();
                    allowed.set(hedged.isPresent());
                    return hedged.orElse(state);
                });
        return allowed.get();
    }

    void began(String model) {
        HedgePolicy policy = policies.get(model);
        if (policy != null) {
            states.computeIfPresent(model, (_, state) -> state.began(policy));
        }
    }

    void took(String model, Duration duration) {
        HedgePolicy policy = policies.get(model);
        if (policy != null) {
            states.computeIfPresent(model, (_, state) -> state.took(policy, duration));
        }
    }
}
