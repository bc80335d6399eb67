package dev.assay.topology;

import dev.assay.flight.Lanes;
import dev.assay.topology.OpenCalls.OpenCall;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which waiting calls of a model that fails are to be asked whether they go elsewhere.
///
/// Each is asked once, and again when other models come to serve. Used by the task's stream thread.
final class Detours {

    /// Each is read from the store, so a turn takes only so many.
    private static final int PER_TURN = 100;

    private final OpenCalls calls;
    private final Lanes lanes;
    private final Map<String, Set<String>> askedWith = new HashMap<>();

    Detours(OpenCalls calls, Lanes lanes) {
        this.calls = calls;
        this.lanes = lanes;
    }

    /// A turn's worth of questions about a model's calls begins.
    Turn turn(String model) {
        Set<String> serving = new HashSet<>(lanes.serving());
        serving.remove(model);
        if (!serving.equals(askedWith.put(model, serving))) {
            calls.askAll(model);
        }
        return new Turn(model, serving);
    }

    /// The model serves again.
    void over(String model) {
        if (!askedWith.isEmpty() && askedWith.remove(model) != null) {
            calls.askNoMore(model);
        }
    }

    final class Turn {

        private final String model;
        private final Set<String> serving;
        private int left;

        private Turn(String model, Set<String> serving) {
            this.model = model;
            this.serving = serving;
            this.left = serving.isEmpty() ? 0 : PER_TURN;
        }

        boolean serves(String other) {
            return serving.contains(other);
        }

        Optional<OpenCall> next() {
            return left-- > 0 ? calls.nextToAsk(model) : Optional.empty();
        }
    }
}
