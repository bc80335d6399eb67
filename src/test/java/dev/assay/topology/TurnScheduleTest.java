package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

class TurnScheduleTest {

    private final MockProcessorContext<String, String> context = new MockProcessorContext<>();
    private long nowMs = 1_000_003;
    private int turns;

    @Test
    void tasksHaveTheirTurnsAtTheSameMoments() {
        begin();
        assertThat(waitsMs()).isEqualTo(2);

        nowMs += 1;
        begin();
        assertThat(waitsMs()).isEqualTo(1);

        nowMs += 2;
        take();
        assertThat(waitsMs()).isEqualTo(4);
        assertThat(turns).isEqualTo(1);
    }

    @Test
    void lateThreadHasFewerTurnsUntilItKeepsUp() {
        begin();

        nowMs += 20;
        take();
        assertThat(waitsMs()).isEqualTo(7);

        nowMs += 20;
        take();
        assertThat(waitsMs()).isEqualTo(17);

        nowMs += 18;
        take();
        assertThat(waitsMs()).isEqualTo(9);
    }

    @Test
    void turnFollowsOnlyOneSchedule() {
        TurnSchedule schedule = begin();

        take();
        assertThat(open()).isEqualTo(1);

        schedule.cancel();
        assertThat(open()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"5, 5, 5", "5, 6, 10", "10, 10, 5", "20, 21, 40", "40, 500, 40", "40, 0, 20"})
    void paceFollowsLateness(long everyMs, long lateMs, long thenMs) {
        assertThat(TurnSchedule.paceMs(everyMs, lateMs)).isEqualTo(thenMs);
    }

    private TurnSchedule begin() {
        return new TurnSchedule(context, () -> Instant.ofEpochMilli(nowMs), () -> turns++);
    }

    private void take() {
        context.scheduledPunctuators().getLast().getPunctuator().punctuate(nowMs);
    }

    private long waitsMs() {
        return context.scheduledPunctuators().getLast().getInterval().toMillis();
    }

    private long open() {
        return context.scheduledPunctuators().stream()
                .filter(scheduled -> !scheduled.cancelled())
                .count();
    }
}
