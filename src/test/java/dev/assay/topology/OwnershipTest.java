package dev.assay.topology;

import static dev.assay.model.Samples.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.limit.Admission;
import dev.assay.decide.limit.Demand;
import dev.assay.decide.limit.LaneSettings;
import dev.assay.flight.Lane;
import dev.assay.flight.Lanes;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.OptionalInt;

class OwnershipTest {

    private final Lanes lanes =
            new Lanes(
                    Map.of("m", new LaneSettings(8, OptionalInt.empty(), OptionalInt.empty())),
                    () -> NOW);
    private final Ownership ownership = new Ownership(lanes, 4);

    @Test
    void shareFollowsThePartitionsThatAreOwned() {
        open(0);
        open(1);
        assertThat(room()).isEqualTo(4);

        open(2);
        open(2);
        assertThat(room()).isEqualTo(6);

        ownership.closed(Stage.CHECK, 2);
        assertThat(room()).isEqualTo(6);
        ownership.closed(Stage.ANSWER, 2);
        assertThat(room()).isEqualTo(4);
    }

    private void open(int partition) {
        ownership.opened(Stage.ANSWER, partition);
        ownership.opened(Stage.CHECK, partition);
    }

    /// How many calls start; they are all given back.
    private int room() {
        Lane lane = lanes.lane("m");
        Lane.Waiter waiter = lane.waiter(Lane.Precedence.ANSWER);
        int started = 0;
        while (waiter.tryStart(Demand.NONE) instanceof Admission.Granted) {
            started++;
        }
        for (int i = 0; i < started; i++) {
            lane.released();
        }
        return started;
    }
}
