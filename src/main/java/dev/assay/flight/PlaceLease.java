package dev.assay.flight;

import dev.assay.decide.place.PlaceClaim;
import dev.assay.decide.place.PlaceGrant;
import dev.assay.decide.place.Places;
import dev.assay.decide.place.Places.Load;

import java.time.InstantSource;
import java.util.Optional;

/// What a lane may have in flight, where the places are let by the ledger. Used under the lane's
/// lock, so that what is claimed and what begins never cross.
final class PlaceLease {

    private final String model;
    private final long instance;
    private final InstantSource steady;
    private Places places = Places.NONE;

    /// @param steady a clock that never jumps
    PlaceLease(String model, long instance, InstantSource steady) {
        this.model = model;
        this.instance = instance;
        this.steady = steady;
    }

    /// Calls that may be in flight when another one begins.
    int open() {
        return places.open(steady.instant());
    }

    Optional<PlaceClaim> look(int holder, Load load) {
        Places.Looked looked = places.look(model, holder, instance, load, steady.instant());
        places = looked.places();
        return looked.claim();
    }

    /// An answer to another instance is none.
    void granted(PlaceGrant grant) {
        if (grant.instance() == instance) {
            places = places.granted(grant);
        }
    }

    /// True where the ledger counts nothing for this instance, or will once it hears the last
    /// claim.
    boolean isBack() {
        return places.counted() == 0;
    }
}
