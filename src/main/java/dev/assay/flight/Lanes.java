package dev.assay.flight;

import dev.assay.decide.limit.LaneSettings;
import dev.assay.decide.limit.Service;
import dev.assay.decide.limit.Share;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/// The lanes of an instance, one per configured model. Safe for any thread.
public final class Lanes {

    private final Map<String, Lane> lanes = new LinkedHashMap<>();

    /// @param settings by model, in the topology file's order
    public Lanes(Map<String, LaneSettings> settings, InstantSource clock) {
        settings.forEach((model, limits) -> lanes.put(model, new Lane(model, limits, clock)));
    }

    public boolean has(String model) {
        return lanes.containsKey(model);
    }

    /// The lane of a configured model.
    ///
    /// @throws NoSuchElementException if the topology file has no such model
    public Lane lane(String model) {
        Lane lane = lanes.get(model);
        if (lane == null) {
            throw new NoSuchElementException(
                    "no model " + model + " in the topology file; it has " + lanes.keySet());
        }
        return lane;
    }

    /// Sets the share of the application's limits that this instance may use.
    public void share(Share share) {
        lanes.values().forEach(lane -> lane.share(share));
    }

    /// Models that do not fail at present.
    public Set<String> serving() {
        Set<String> serving = new HashSet<>();
        lanes.forEach(
                (model, lane) -> {
                    if (lane.service() instanceof Service.Serving) {
                        serving.add(model);
                    }
                });
        return serving;
    }

    /// From now on nothing starts.
    public void stop() {
        lanes.values().forEach(Lane::stop);
    }

    /// Calls in flight by model.
    public Map<String, Integer> inFlight() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        lanes.forEach((model, lane) -> counts.put(model, lane.inFlight()));
        return counts;
    }
}
