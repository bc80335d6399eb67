package dev.assay.provider.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class ModelTrafficTest {

    private final ModelTraffic traffic = new ModelTraffic(0);

    @Test
    void tellsTheMostThatBeganInAnyMinuteAndNotInAClocksMinute() {
        begin(30, Duration.ofSeconds(50));
        begin(30, Duration.ofSeconds(70));
        begin(35, Duration.ofSeconds(115));

        assertThat(traffic.json()).contains("\"begun\":95", "\"max_per_minute\":65");
    }

    @Test
    void forgetsCallsThatAreOverAMinuteAgo() {
        begin(30, Duration.ofSeconds(1));
        begin(20, Duration.ofSeconds(62));
        begin(10, Duration.ofHours(3));

        assertThat(traffic.json()).contains("\"begun\":60", "\"max_per_minute\":30");
    }

    private void begin(int calls, Duration at) {
        for (int call = 0; call < calls; call++) {
            traffic.begun(at.toNanos());
        }
    }
}
