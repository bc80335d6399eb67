package dev.assay.decide.job;

import dev.assay.model.FailureCode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A bulk job, as far as it is.
///
/// | state | entered | meanwhile | left |
/// |---|---|---|---|
/// | validating | it is submitted | lines come in; none is released | all lines are in, it is cancelled, its input turns out to be bad, or its submitter never comes back |
/// | in progress | all lines are in | lines are released by credit, and end | all have ended; or it is stopped |
/// | cancelling | it is cancelled, its deadline passes, or its money is spent | what is begun ends, all other lines fail | all are in and have ended |
/// | completed, cancelled, expired, failed | the end | | never |
///
/// @param lines of the input, once all are in
/// @param released lines that were sent on their way
/// @param withheld lines that ended without having been released
/// @param cursor where the lines that are still to be released begin in their partition
/// @param grades how many answers got 0 to 1, 1 to 2, ... 9 to 10, and exactly 10
/// @param dearestUsd what the dearest line has cost so far
public record Job(
        JobSpec spec,
        State state,
        OptionalLong lines,
        long released,
        long withheld,
        long cursor,
        long graded,
        long flagged,
        long failed,
        long inputTokens,
        long outputTokens,
        double answerUsd,
        double checkUsd,
        double dearestUsd,
        List<Long> grades,
        Optional<Stop> stop,
        Optional<Instant> endedAt) {

    /// Grades 0 to 10, in steps of one.
    public static final int GRADE_CLASSES = 11;

    /// Lines released before anything is known of what a line costs.
    static final long PROBES = 8;

    public Job {
        grades = List.copyOf(grades);
    }

    /// How far a job is.
    public enum State {
        VALIDATING,
        IN_PROGRESS,
        CANCELLING,
        COMPLETED,
        FAILED,
        EXPIRED,
        CANCELLED;

        public boolean ended() {
            return switch (this) {
                case VALIDATING, IN_PROGRESS, CANCELLING -> false;
                case COMPLETED, FAILED, EXPIRED, CANCELLED -> true;
            };
        }
    }

    /// A job whose lines begin to come in.
    public static Job submitted(JobSpec spec) {
        return new Job(
                spec,
                State.VALIDATING,
                OptionalLong.empty(),
                0,
                0,
                spec.linesOffset(),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                Collections.nCopies(GRADE_CLASSES, 0L),
                Optional.empty(),
                Optional.empty());
    }

    /// All its lines are in.
    public Job sealed(long count, Instant now) {
        if (state.ended() || lines.isPresent()) {
            return this;
        }
        State next = stop.isPresent() ? State.CANCELLING : State.IN_PROGRESS;
        return with(next, OptionalLong.of(count), stop, endedAt).settled(now);
    }

    /// Its input turned out to be none.
    public Job rejected(String reason, Instant now) {
        if (state.ended() || lines.isPresent()) {
            return this;
        }
        Stop why = new Stop(FailureCode.INVALID_INPUT, reason);
        return with(State.FAILED, OptionalLong.of(0), Optional.of(why), Optional.of(now));
    }

    /// Time has passed: lines that are not all in by now never will be, since whoever submits them
    /// is gone.
    ///
    /// @param within the time there is for them, from the job's beginning
    public Job abandoned(Instant now, Duration within) {
        if (state.ended() || lines.isPresent() || !spec.createdAt().plus(within).isBefore(now)) {
            return this;
        }
        Stop gone =
                new Stop(
                        FailureCode.DEADLINE_EXCEEDED,
                        "its lines were not all submitted by " + spec.createdAt().plus(within));
        return with(
                stop.isPresent() ? State.CANCELLED : State.FAILED,
                OptionalLong.of(0),
                Optional.of(stop.orElse(gone)),
                Optional.of(now));
    }

    /// The next lines were sent on their way, or ended without that.
    ///
    /// @param sent so many of them
    /// @param unsent failed at once: they were no prompts, or the job is stopped
    /// @param nextCursor behind the last of them
    public Job released(long sent, long unsent, long nextCursor, Instant now) {
        return new Job(
                        spec,
                        state,
                        lines,
                        released + sent,
                        withheld + unsent,
                        nextCursor,
                        graded,
                        flagged,
                        failed + unsent,
                        inputTokens,
                        outputTokens,
                        answerUsd,
                        checkUsd,
                        dearestUsd,
                        grades,
                        stop,
                        endedAt)
                .settled(now);
    }

    /// A line that was released has its result; one that had failed before has another.
    public Job ended(LineEnd line, Instant now) {
        boolean again = line.generation() > 1;
        return new Job(
                        spec,
                        state,
                        lines,
                        released,
                        withheld,
                        cursor,
                        graded + count(line, LineEnd.Outcome.GRADED),
                        flagged + count(line, LineEnd.Outcome.FLAGGED),
                        failed + count(line, LineEnd.Outcome.FAILED) - (again ? 1 : 0),
                        inputTokens + line.inputTokens(),
                        outputTokens + line.outputTokens(),
                        answerUsd + line.answerUsd(),
                        checkUsd + line.checkUsd(),
                        Math.max(dearestUsd, line.costUsd()),
                        graded(line),
                        stop,
                        endedAt)
                .settled(now);
    }

    /// Nothing more of it is begun. Lines that are still coming in end so as well.
    public Job stopped(Stop why, Instant now) {
        return switch (state) {
            case VALIDATING, IN_PROGRESS ->
                    with(State.CANCELLING, lines, Optional.of(why), endedAt).settled(now);
            case CANCELLING, COMPLETED, FAILED, EXPIRED, CANCELLED -> this;
        };
    }

    /// Time has passed: its deadline may have, and its money may be spent.
    public Job at(Instant now) {
        if (state != State.IN_PROGRESS) {
            return this;
        }
        if (spec.deadline().filter(deadline -> !now.isBefore(deadline)).isPresent()) {
            return stopped(
                    new Stop(
                            FailureCode.DEADLINE_EXCEEDED,
                            "the deadline of the job, " + spec.deadline().get() + ", has passed"),
                    now);
        }
        if (unreleased() > 0 && inFlight() == 0 && affordable() <= 0) {
            return stopped(
                    new Stop(
                            FailureCode.OVER_BUDGET,
                            "one more line could exceed the job's max_cost_usd of %s USD, of which %.6f are spent"
                                    .formatted(spec.maxCostUsd().orElse(0), costUsd())),
                    now);
        }
        return this;
    }

    /// Whether it has ended so long ago that it need not be remembered.
    public boolean forgettable(Instant now, Duration keep) {
        return endedAt.filter(end -> end.plus(keep).isBefore(now)).isPresent();
    }

    /// How many lines may be released now.
    ///
    /// @param credit the most that may be in flight at once
    public long allowance(long credit) {
        if (state != State.IN_PROGRESS) {
            return 0;
        }
        long most = Math.min(unreleased(), credit - inFlight());
        return Math.max(0, (long) Math.min((double) most, affordable()));
    }

    /// Lines that are on their way.
    public long inFlight() {
        return released - (ended() - withheld);
    }

    /// Lines that have their result.
    public long ended() {
        return graded + flagged + failed;
    }

    /// Lines that nothing was done about yet; none is known before all are in.
    public long unreleased() {
        return lines.orElse(0) - released - withheld;
    }

    public double costUsd() {
        return answerUsd + checkUsd;
    }

    /// Lines that the rest of the money pays for beside those in flight, if each costs as much as
    /// the dearest so far.
    private double affordable() {
        if (spec.maxCostUsd().isEmpty()) {
            return Double.POSITIVE_INFINITY;
        }
        if (ended() - withheld == 0) {
            return PROBES - inFlight();
        }
        double rest = spec.maxCostUsd().getAsDouble() - costUsd();
        return dearestUsd > 0
                ? Math.floor(rest / dearestUsd) - inFlight()
                : Double.POSITIVE_INFINITY;
    }

    private Job settled(Instant now) {
        if (state.ended() || lines.isEmpty() || ended() < lines.getAsLong()) {
            return this;
        }
        State end =
                stop.map(
                                why ->
                                        why.code() == FailureCode.DEADLINE_EXCEEDED
                                                ? State.EXPIRED
                                                : State.CANCELLED)
                        .orElse(State.COMPLETED);
        return with(end, lines, stop, Optional.of(now));
    }

    private static int count(LineEnd line, LineEnd.Outcome outcome) {
        return line.outcome() == outcome ? 1 : 0;
    }

    private List<Long> graded(LineEnd line) {
        if (line.grade().isEmpty()) {
            return grades;
        }
        List<Long> more = new ArrayList<>(grades);
        int index = (int) Math.clamp(line.grade().getAsDouble(), 0, GRADE_CLASSES - 1);
        more.set(index, more.get(index) + 1);
        return more;
    }

    private Job with(
            State newState, OptionalLong newLines, Optional<Stop> newStop, Optional<Instant> end) {
        return new Job(
                spec,
                newState,
                newLines,
                released,
                withheld,
                cursor,
                graded,
                flagged,
                failed,
                inputTokens,
                outputTokens,
                answerUsd,
                checkUsd,
                dearestUsd,
                grades,
                newStop,
                end);
    }
}
