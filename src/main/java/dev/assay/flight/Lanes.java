package dev.assay.flight;

import dev.assay.decide.limit.LaneSettings;
import dev.assay.decide.limit.Service;
import dev.assay.decide.limit.Share;
import dev.assay.decide.place.PlaceClaim;
import dev.assay.decide.place.PlaceGrant;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/// The lanes of an instance, one per configured model. Safe for any thread.
public final class Lanes {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final Map<String, Lane> lanes = new LinkedHashMap<>();

    private final List<Lane> leased = new ArrayList<>();

    private final InstantSource clock;

    /// @param settings by model, in the topology file's order
    public Lanes(Map<String, LaneSettings> settings, InstantSource clock) {
        this(settings, clock, Leasing.NONE);
    }

    /// The same where the ledger lets the places of some models.
    public Lanes(Map<String, LaneSettings> settings, InstantSource clock, Leasing leasing) {
        this.clock = clock;
        settings.forEach(
                (model, limits) -> {
                    Lane lane = new Lane(model, limits, clock, leasing.of(model));
                    lanes.put(model, lane);
                    if (leasing.models().contains(model)) {
                        leased.add(lane);
                    }
                });
    }

    /// Which models' places the ledger lets.
    ///
    /// @param instance tells this start of the process from all others
    /// @param steady a clock that never jumps
    public record Leasing(Set<String> models, long instance, InstantSource steady) {

        /// No model's.
        public static final Leasing NONE = new Leasing(Set.of(), 0, () -> Instant.EPOCH);

        public Leasing {
            models = Set.copyOf(models);
        }

        private Optional<PlaceLease> of(String model) {
            return models.contains(model)
                    ? Optional.of(new PlaceLease(model, instance, steady))
                    : Optional.empty();
        }
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

    /// What the ledger is to be told of places in flight. To be called every few ms.
    ///
    /// @param holder a partition of this instance, to which answers go
    public List<PlaceClaim> claimPlaces(int holder) {
        if (leased.isEmpty()) {
            return List.of();
        }
        return leased.stream().flatMap(lane -> lane.claimPlaces(holder).stream()).toList();
    }

    /// The ledger's answer; one to another instance, or for a model that is no more, is none.
    public void granted(PlaceGrant grant) {
        if (has(grant.model())) {
            lane(grant.model()).granted(grant);
        }
    }

    /// True where nothing is let to this instance any more, or will be once its claims are heard.
    public boolean placesAreBack() {
        return leased.stream().allMatch(Lane::placesAreBack);
    }

    /// Waits until stream threads have given all places back, or for so long.
    public void awaitPlacesBack(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (!placesAreBack() && System.nanoTime() < deadline) {
                Thread.sleep(LOOK_AGAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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

    /// True where calls are of use: some model serves, or is to be tried again, which only a call
    /// can do.
    public boolean anyOpen() {
        Instant now = clock.instant();
        return lanes.values().stream()
                .map(Lane::service)
                .anyMatch(
                        service -> service instanceof Service.Serving || service.dueToBeTried(now));
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
