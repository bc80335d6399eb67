package dev.assay.decide.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.decide.job.Job.State;
import dev.assay.decide.job.LineEnd.Outcome;
import dev.assay.model.FailureCode;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

class JobTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Stop CANCEL = new Stop(FailureCode.CANCELLED, "cancelled");

    @Test
    void completesWhenAllLinesHaveTheirResult() {
        Job job = sealed(3).released(2, 1, 13, NOW);
        assertThat(job.state()).isEqualTo(State.IN_PROGRESS);
        assertThat(job.inFlight()).isEqualTo(2);

        job = job.ended(graded(9), NOW).ended(flagged(4), NOW.plusSeconds(5));

        assertThat(job.state()).isEqualTo(State.COMPLETED);
        assertThat(job.endedAt()).contains(NOW.plusSeconds(5));
        assertThat(job.graded()).isEqualTo(1);
        assertThat(job.flagged()).isEqualTo(1);
        assertThat(job.failed()).isEqualTo(1);
        assertThat(job.inFlight()).isZero();
        assertThat(job.costUsd()).isCloseTo(0.22, within(1e-9));
        assertThat(job.grades().get(9)).isEqualTo(1);
        assertThat(job.grades().get(4)).isEqualTo(1);
    }

    @Test
    void jobWhoseLinesNeverAllComeInFails() {
        Duration within = Duration.ofHours(1);
        Instant late = NOW.plus(within).plusMillis(1);
        Job job = Job.submitted(spec(OptionalDouble.empty()));

        assertThat(job.abandoned(NOW.plus(within), within)).isEqualTo(job);
        Job failed = job.abandoned(late, within);
        assertThat(failed.state()).isEqualTo(State.FAILED);
        assertThat(failed.lines()).hasValue(0);
        assertThat(failed.stop().orElseThrow().reason()).contains("2026-01-01T01:00:00Z");
        assertThat(failed.sealed(3, late)).isEqualTo(failed);
        assertThat(job.stopped(CANCEL, NOW).abandoned(late, within).state())
                .isEqualTo(State.CANCELLED);
        assertThat(sealed(3).abandoned(late, within).state()).isEqualTo(State.IN_PROGRESS);
    }

    @Test
    void nothingIsReleasedBeforeAllLinesAreIn() {
        assertThat(Job.submitted(spec(OptionalDouble.empty())).allowance(100)).isZero();
        assertThat(sealed(3).allowance(100)).isEqualTo(3);
        assertThat(sealed(300).allowance(100)).isEqualTo(100);
        assertThat(sealed(300).released(90, 0, 0, NOW).allowance(100)).isEqualTo(10);
    }

    @Test
    void jobWithoutLinesIsCompleteAtOnce() {
        assertThat(sealed(0).state()).isEqualTo(State.COMPLETED);
    }

    @Test
    void cancelledJobEndsWhenWhatWasBegunHasEnded() {
        Job job = sealed(10).released(4, 0, 4, NOW).ended(graded(8), NOW).stopped(CANCEL, NOW);
        assertThat(job.state()).isEqualTo(State.CANCELLING);
        assertThat(job.allowance(100)).isZero();

        job = job.released(0, 6, 10, NOW);
        assertThat(job.state()).isEqualTo(State.CANCELLING);
        job = job.ended(failed(), NOW).ended(failed(), NOW).ended(graded(7), NOW);

        assertThat(job.state()).isEqualTo(State.CANCELLED);
        assertThat(job.graded()).isEqualTo(2);
        assertThat(job.failed()).isEqualTo(8);
    }

    @Test
    void everyLineOfAJobThatIsCancelledWhileItIsSubmittedEndsAsCancelled() {
        Job job = Job.submitted(spec(OptionalDouble.empty())).stopped(CANCEL, NOW);
        assertThat(job.state()).isEqualTo(State.CANCELLING);

        job = job.sealed(10, NOW);
        assertThat(job.state()).isEqualTo(State.CANCELLING);
        assertThat(job.allowance(100)).isZero();
        assertThat(job.unreleased()).isEqualTo(10);

        job = job.released(0, 10, 10, NOW);
        assertThat(job.state()).isEqualTo(State.CANCELLED);
        assertThat(job.failed()).isEqualTo(10);
    }

    @Test
    void inputThatTurnsOutToBeNoneFailsTheJobEvenIfItIsCancelled() {
        Job job = Job.submitted(spec(OptionalDouble.empty()));

        assertThat(job.rejected("torn", NOW).state()).isEqualTo(State.FAILED);
        assertThat(job.stopped(CANCEL, NOW).rejected("torn", NOW).state()).isEqualTo(State.FAILED);
        assertThat(job.sealed(3, NOW).rejected("late", NOW).state()).isEqualTo(State.IN_PROGRESS);
    }

    @Test
    void jobExpiresAtItsDeadline() {
        JobSpec spec = spec(OptionalDouble.empty());
        JobSpec hurried =
                new JobSpec(
                        spec.id(),
                        spec.name(),
                        spec.input(),
                        spec.tenant(),
                        NOW,
                        Optional.of(NOW.plusSeconds(10)),
                        spec.maxCostUsd(),
                        0,
                        0);
        Job job = Job.submitted(hurried).sealed(2, NOW).released(1, 0, 1, NOW);

        assertThat(job.at(NOW.plusSeconds(9))).isEqualTo(job);
        Job late = job.at(NOW.plusSeconds(10));

        assertThat(late.state()).isEqualTo(State.CANCELLING);
        assertThat(late.ended(graded(9), NOW).released(0, 1, 2, NOW).state())
                .isEqualTo(State.EXPIRED);
    }

    @Test
    void lineThatIsSentAgainTakesItsFailureBack() {
        Job job = sealed(1).released(1, 0, 1, NOW).ended(failed(), NOW);
        assertThat(job.failed()).isEqualTo(1);

        Job again =
                job.ended(
                        new LineEnd(Outcome.GRADED, 2, OptionalDouble.of(9), 1, 1, 0.1, 0.01), NOW);

        assertThat(again.failed()).isZero();
        assertThat(again.graded()).isEqualTo(1);
        assertThat(again.state()).isEqualTo(State.COMPLETED);
    }

    /// Lines cost what they like; the job ends below its budget, or within it.
    @Test
    void budgetIsKeptWhereNoLineCostsMoreThanThoseBefore() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            double budget = 1 + random.nextInt(50);
            Job job = Job.submitted(spec(OptionalDouble.of(budget))).sealed(10_000, NOW);
            while (job.state() == State.IN_PROGRESS) {
                long allowed = job.allowance(1 + random.nextInt(20));
                job = job.released(allowed, 0, 0, NOW);
                long ends = job.inFlight() == 0 ? 0 : 1 + random.nextInt((int) job.inFlight());
                for (long i = 0; i < ends; i++) {
                    job = job.ended(cost(0.1), NOW);
                }
                job = job.at(NOW);
            }
            while (job.inFlight() > 0) {
                job = job.ended(cost(0.1), NOW);
            }

            assertThat(job.stop()).map(Stop::code).contains(FailureCode.OVER_BUDGET);
            assertThat(job.costUsd()).isBetween(budget - 0.2, budget + 1e-9);
            assertThat(job.released(0, job.unreleased(), 0, NOW).state())
                    .isEqualTo(State.CANCELLED);
        }
    }

    private static Job sealed(long lines) {
        return Job.submitted(spec(OptionalDouble.empty())).sealed(lines, NOW);
    }

    private static JobSpec spec(OptionalDouble maxCostUsd) {
        return new JobSpec(
                "job", "", "in.jsonl", Optional.empty(), NOW, Optional.empty(), maxCostUsd, 0, 0);
    }

    private static LineEnd graded(double grade) {
        return new LineEnd(Outcome.GRADED, 1, OptionalDouble.of(grade), 10, 5, 0.1, 0.01);
    }

    private static LineEnd flagged(double grade) {
        return new LineEnd(Outcome.FLAGGED, 1, OptionalDouble.of(grade), 10, 5, 0.1, 0.01);
    }

    private static LineEnd failed() {
        return new LineEnd(Outcome.FAILED, 1, OptionalDouble.empty(), 0, 0, 0, 0);
    }

    private static LineEnd cost(double usd) {
        return new LineEnd(Outcome.GRADED, 1, OptionalDouble.empty(), 0, 0, usd, 0);
    }
}
