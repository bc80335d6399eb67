package dev.assay.cli;

import dev.assay.bulk.TextTable;
import dev.assay.decide.job.Job;
import dev.assay.decide.job.Stop;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Jobs as text for people.
final class JobText {

    private static final int BAR = 30;

    private JobText() {}

    static String state(Job job) {
        return job.state().name().toLowerCase(Locale.ROOT);
    }

    static String table(List<Job> jobs, Instant now) {
        TextTable table =
                new TextTable(
                        "job",
                        "state",
                        "lines",
                        "graded",
                        "flagged",
                        "failed",
                        "in flight",
                        "USD",
                        "left");
        for (Job job : jobs) {
            table.row(
                    job.spec().id(),
                    state(job),
                    lines(job),
                    number(job.graded()),
                    number(job.flagged()),
                    number(job.failed()),
                    number(job.inFlight()),
                    "%.4f".formatted(job.costUsd()),
                    left(job, now).map(JobText::brief).orElse(""));
        }
        return table.render();
    }

    static String detail(Job job, Instant now) {
        StringBuilder text = new StringBuilder();
        line(text, "job", job.spec().id());
        if (!job.spec().name().isEmpty()) {
            line(text, "name", job.spec().name());
        }
        line(text, "input", job.spec().input());
        line(text, "state", state(job) + job.stop().map(JobText::why).orElse(""));
        line(text, "submitted", job.spec().createdAt().truncatedTo(ChronoUnit.SECONDS).toString());
        job.spec().deadline().ifPresent(deadline -> line(text, "deadline", deadline.toString()));
        job.endedAt()
                .ifPresent(
                        end -> line(text, "ended", end.truncatedTo(ChronoUnit.SECONDS).toString()));
        line(text, "lines", lines(job));
        line(
                text,
                "results",
                "%,d graded, %,d flagged, %,d failed"
                        .formatted(job.graded(), job.flagged(), job.failed()));
        line(text, "in flight", number(job.inFlight()));
        line(text, "tokens", "%,d in, %,d out".formatted(job.inputTokens(), job.outputTokens()));
        line(
                text,
                "cost",
                "USD %.6f (answers %.6f, checks %.6f)%s"
                        .formatted(
                                job.costUsd(),
                                job.answerUsd(),
                                job.checkUsd(),
                                job.spec().maxCostUsd().isPresent()
                                        ? " of at most " + job.spec().maxCostUsd().getAsDouble()
                                        : ""));
        line(text, "rate", "%.1f lines/s".formatted(perSecond(job, now)));
        left(job, now).ifPresent(left -> line(text, "time left", brief(left)));
        grades(text, job);
        return text.toString();
    }

    private static String why(Stop stop) {
        return ": " + stop.reason();
    }

    private static void grades(StringBuilder text, Job job) {
        long most = job.grades().stream().mapToLong(Long::longValue).max().orElse(0);
        if (most == 0) {
            return;
        }
        text.append("grades\n");
        for (int grade = 0; grade < Job.GRADE_CLASSES; grade++) {
            long count = job.grades().get(grade);
            text.append(
                    "  %-6s %-30s %,d%n"
                            .formatted(
                                    grade == Job.GRADE_CLASSES - 1
                                            ? "10"
                                            : grade + "-" + (grade + 1),
                                    "#".repeat((int) (BAR * count / most)),
                                    count));
        }
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-10s %s%n".formatted(name, value));
    }

    private static String lines(Job job) {
        return job.lines().isPresent() ? number(job.lines().getAsLong()) : "";
    }

    private static String number(long value) {
        return "%,d".formatted(value);
    }

    private static double perSecond(Job job, Instant now) {
        Duration took = Duration.between(job.spec().createdAt(), job.endedAt().orElse(now));
        return took.isPositive() ? job.ended() * 1e3 / took.toMillis() : 0;
    }

    /// How long the rest takes at the rate so far.
    private static Optional<Duration> left(Job job, Instant now) {
        double rate = perSecond(job, now);
        if (job.state() != Job.State.IN_PROGRESS || rate <= 0) {
            return Optional.empty();
        }
        long rest = job.lines().orElse(0) - job.ended();
        return Optional.of(Duration.ofSeconds(Math.round(rest / rate)));
    }

    private static String brief(Duration time) {
        return time.toHours() > 0
                ? "%d h %02d min".formatted(time.toHours(), time.toMinutesPart())
                : "%d min %02d s".formatted(time.toMinutesPart(), time.toSecondsPart());
    }
}
