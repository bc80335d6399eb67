package dev.assay.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the meters of an instance show now. Safe for any thread.
public final class Readings {

    /// Grades are 0 to 10.
    private static final int BEST_GRADE = 10;

    /// What comes of a call that is no error.
    private static final Set<String> ANSWERED = Set.of("answered", "shared");

    record Calls(double answered, double failed) {}

    private final MeterRegistry registry;

    public Readings(MeterRegistry registry) {
        this.registry = registry;
    }

    /// The sum of all counters of that name that bear these tags.
    ///
    /// @param tags names and values in turn
    double count(String name, String... tags) {
        return registry.find(name).tags(tags).counters().stream().mapToDouble(Counter::count).sum();
    }

    /// Calls of a model that came back.
    Calls calls(String model) {
        Map<Boolean, Double> byAnswered =
                registry.find("assay.calls").tag("model", model).counters().stream()
                        .collect(
                                Collectors.partitioningBy(
                                        counter ->
                                                ANSWERED.contains(
                                                        String.valueOf(
                                                                counter.getId().getTag("status"))),
                                        Collectors.summingDouble(Counter::count)));
        return new Calls(byAnswered.getOrDefault(true, 0.0), byAnswered.getOrDefault(false, 0.0));
    }

    /// The same of gauges.
    double gauge(String name, String... tags) {
        return registry.find(name).tags(tags).gauges().stream().mapToDouble(Gauge::value).sum();
    }

    /// All models of the topology file, by name.
    List<String> models() {
        return registry.find("assay.in.flight").gauges().stream()
                .map(gauge -> Objects.requireNonNull(gauge.getId().getTag("model")))
                .sorted()
                .toList();
    }

    /// Of answered calls.
    OptionalDouble meanLatencyMs(String model) {
        Collection<Timer> timers =
                registry.find("gen_ai.client.operation.duration")
                        .tag("gen_ai.request.model", model)
                        .timers();
        return mean(
                timers.stream().mapToDouble(timer -> timer.totalTime(TimeUnit.MILLISECONDS)).sum(),
                timers.stream().mapToLong(Timer::count).sum());
    }

    /// Of answers of the model that were returned.
    OptionalDouble meanGrade(String model) {
        Collection<DistributionSummary> grades =
                registry.find("assay.grade").tag("model", model).summaries();
        return mean(
                grades.stream().mapToDouble(DistributionSummary::totalAmount).sum(),
                grades.stream().mapToLong(DistributionSummary::count).sum());
    }

    /// How many returned answers got a grade of 0 to 1, above 1 to 2, and so on; the first counts
    /// exact zeros, too. By place: of the grade rounded up.
    List<Double> grades() {
        double[] upTo = new double[BEST_GRADE + 1];
        for (DistributionSummary summary : registry.find("assay.grade").summaries()) {
            for (CountAtBucket bucket : summary.takeSnapshot().histogramCounts()) {
                int grade = (int) Math.round(bucket.bucket());
                if (grade >= 0 && grade <= BEST_GRADE) {
                    upTo[grade] += bucket.count();
                }
            }
        }
        return IntStream.rangeClosed(0, BEST_GRADE)
                .mapToObj(grade -> grade == 0 ? upTo[0] : upTo[grade] - upTo[grade - 1])
                .toList();
    }

    private static OptionalDouble mean(double sum, long count) {
        return count == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / count);
    }
}
