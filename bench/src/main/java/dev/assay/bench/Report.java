package dev.assay.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/// Prints results, and appends them to bench/RESULTS.md where wanted.
final class Report {

    private final boolean noFile;

    Report(boolean noFile) {
        this.noFile = noFile;
    }

    /// Begins a chapter: when, on what machine and by what command.
    void begin(String command, String what) {
        line("");
        line(
                "## `bench/%s`, %s, %d cores (%s), JDK %s, load %s before"
                        .formatted(
                                command,
                                LocalDate.now(ZoneOffset.UTC),
                                Runtime.getRuntime().availableProcessors(),
                                firstAfter(Path.of("/proc/cpuinfo"), "model name"),
                                System.getProperty("java.version"),
                                load()));
        line("");
        line(what);
        line("");
    }

    void line(String text) {
        IO.println(text);
        if (noFile) {
            return;
        }
        try {
            Files.writeString(
                    Path.of(System.getProperty("bench.home"), "RESULTS.md"),
                    text + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String load() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String firstAfter(Path file, String key) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
