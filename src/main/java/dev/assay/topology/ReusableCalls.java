package dev.assay.topology;

import dev.assay.codec.ChatRequests;
import dev.assay.config.ModelConfig;
import dev.assay.config.TopologyFile;
import dev.assay.decide.assign.Routes;
import dev.assay.flight.Reuse;
import dev.assay.model.Call;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.Purpose;
import dev.assay.model.ReusePolicy;
import dev.assay.model.Route;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Which calls are the same to the letter as another prompt's, and may share its answer.
///
/// Only calls that answer: what a judge reads holds the prompt's own fence.
final class ReusableCalls {

    private final Routes routes;
    private final boolean anywhere;
    private final Map<String, OptionalDouble> ownTemperatures = new HashMap<>();

    ReusableCalls(TopologyFile file, Routes routes) {
        this.routes = routes;
        this.anywhere = file.routes().stream().anyMatch(route -> route.reuse().isPresent());
        for (ModelConfig model : file.models()) {
            ownTemperature(model).ifPresent(own -> ownTemperatures.put(model.name(), own));
        }
    }

    /// False where no route shares calls, so that nothing need be looked at.
    boolean anywhere() {
        return anywhere;
    }

    /// With whom this call may share its answer; empty where it may not.
    Optional<Reuse> of(PromptState state, Call call) {
        Optional<ReusePolicy> policy = routes.of(state).flatMap(Route::reuse);
        if (policy.isEmpty() || call.purpose() != Purpose.ANSWER) {
            return Optional.empty();
        }
        Prompt prompt = state.prompt();
        boolean settled = policy.get().anyTemperature() || temperature(prompt, call).orElse(1) == 0;
        return settled
                ? Optional.of(
                        new Reuse(
                                hash(state, call, policy.get()),
                                policy.get().keepFor(),
                                prompt.constraints().deadline()))
                : Optional.empty();
    }

    private OptionalDouble temperature(Prompt prompt, Call call) {
        OptionalDouble own = ownTemperatures.get(call.model());
        return own == null ? ChatRequests.temperature(prompt.request()) : own;
    }

    /// What the topology file makes of the temperature, whatever a request says; empty where the
    /// request's counts.
    private static Optional<OptionalDouble> ownTemperature(ModelConfig model) {
        if (model.params().get("temperature") instanceof Number set) {
            return Optional.of(OptionalDouble.of(set.doubleValue()));
        }
        return model.dropParams().contains("temperature")
                ? Optional.of(OptionalDouble.empty())
                : Optional.empty();
    }

    /// The slot is part of it: a plan that asks one model several times wants several answers.
    private String hash(PromptState state, Call call, ReusePolicy policy) {
        Prompt prompt = state.prompt();
        String sharers =
                policy.acrossTenants() ? "all" : "tenant " + prompt.labels().tenant().orElse("");
        MessageDigest digest = sha256();
        for (String part :
                new String[] {
                    call.model(),
                    Integer.toString(call.slot()),
                    sharers,
                    // A budget sets a limit on the answer.
                    Boolean.toString(routes.binds(state)),
                    prompt.request().json()
                }) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.UTF_8));
            digest.update((byte) ':');
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
