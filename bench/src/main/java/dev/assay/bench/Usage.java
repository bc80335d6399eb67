package dev.assay.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a process has used so far, from Linux's `/proc`, as proc_pid_stat(5) tells.
///
/// @param cpuMicros user and system time of all its threads, dead ones too, in steps of 10 ms
/// @param peakRssMib the most memory it ever held
/// @param rssMib the memory it holds now
/// @param microsByPlace the CPU of the threads that live, by what they do
record Usage(
        long atNanos,
        long cpuMicros,
        long peakRssMib,
        long rssMib,
        Map<String, Long> microsByPlace) {

    private static final long MICROS_PER_TICK = 10_000;

    static Usage of(Child child) {
        Path root = Path.of("/proc", Long.toString(child.pid()));
        return new Usage(
                System.nanoTime(),
                ticks(root) * MICROS_PER_TICK,
                mib(root, "VmHWM"),
                mib(root, "VmRSS"),
                byPlace(root));
    }

    double secondsTo(Usage later) {
        return (later.atNanos - atNanos) / 1e9;
    }

    long cpuMicrosTo(Usage later) {
        return later.cpuMicros - cpuMicros;
    }

    /// Microseconds for each prompt between then and now, by what the threads do, the greatest
    /// first.
    String placesTo(Usage later, long prompts) {
        Map<String, Long> used = new TreeMap<>();
        long unseen = cpuMicrosTo(later);
        for (Map.Entry<String, Long> place : later.microsByPlace.entrySet()) {
            long micros = place.getValue() - microsByPlace.getOrDefault(place.getKey(), 0L);
            unseen -= micros;
            used.put(place.getKey(), micros);
        }
        used.put("threads that ended or did little each", unseen);
        return used.entrySet().stream()
                .filter(place -> place.getValue() >= prompts)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(place -> place.getKey() + " " + place.getValue() / prompts)
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Long> byPlace(Path root) {
        Map<String, Long> micros = new TreeMap<>();
        try (Stream<Path> threads = Files.list(root.resolve("task"))) {
            for (Path thread : threads.toList()) {
                try {
                    String name = Files.readString(thread.resolve("comm")).strip();
                    micros.merge(place(name), ticks(thread) * MICROS_PER_TICK, Long::sum);
                } catch (NoSuchFileException e) {
                    // It has just ended.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return micros;
    }

    /// By the first 15 characters of a thread's name, which is all that Linux keeps.
    private static String place(String thread) {
        if (thread.startsWith("bench-")) return "stream threads";
        if (thread.startsWith("ForkJoinPool")) return "virtual threads (model calls)";
        if (thread.startsWith("kafka-")) return "Kafka clients";
        if (thread.startsWith("C1 ") || thread.startsWith("C2 ")) return "compiler";
        if (thread.startsWith("GC ") || thread.startsWith("G1 ")) return "garbage collector";
        if (thread.startsWith("rocksdb")) return "RocksDB";
        return "other threads";
    }

    /// User and system time, fields 14 and 15, counted after the name in parentheses.
    private static long ticks(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        } catch (IOException e) {
            return 0; // a thread that has just ended
        }
    }

    private static long mib(Path process, String key) {
        try (Stream<String> lines = Files.lines(process.resolve("status"))) {
            return lines.filter(line -> line.startsWith(key + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
