package dev.assay.bench;

import org.HdrHistogram.Histogram;

import java.util.Locale;
import java.util.Optional;

/// One line of the table.
///
/// @param perSecond prompts, in the time measured
/// @param cpuMicros of the process, for each prompt
/// @param machineBusy the part of all cores that all processes together used, 0 to 1
/// @param places the same by what its threads do
/// @param latencyMs from sending to seeing the result less the time of the models, where measured
record Measurement(
        String title,
        double perSecond,
        double cpuMicros,
        double machineBusy,
        String places,
        long peakRssMib,
        Optional<Latency> latencyMs,
        Optional<Ending> ending) {

    /// @param atPerSecond the rate at which prompts came
    record Latency(double p50, double p99, double atPerSecond) {

        static Latency of(Histogram micros, double modelMs, double atPerSecond) {
            return new Latency(
                    micros.getValueAtPercentile(50) / 1e3 - modelMs,
                    micros.getValueAtPercentile(99) / 1e3 - modelMs,
                    atPerSecond);
        }
    }

    /// What had become of all prompts in the end.
    record Ending(int sent, int results, int duplicates) {}

    static final String HEAD =
            """
            | who | prompts/s | share of the limit | CPU us/prompt | all cores busy | added p50 ms | added p99 ms | at prompts/s | peak RSS MiB | prompts, results, duplicates |
            |---|---|---|---|---|---|---|---|---|---|
            """
                    .strip();

    String row(double limitPerSecond) {
        String latency =
                latencyMs
                        .map(ms -> text("%.0f | %.0f | %.0f", ms.p50, ms.p99, ms.atPerSecond))
                        .orElse(" | | ");
        String counts =
                ending.map(end -> text("%d, %d, %d", end.sent, end.results, end.duplicates))
                        .orElse("");
        return text(
                "| %s | %.0f | %.0f %% | %.0f | %.0f %% | %s | %d | %s |",
                title,
                perSecond,
                100 * perSecond / limitPerSecond,
                cpuMicros,
                100 * machineBusy,
                latency,
                peakRssMib,
                counts);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
