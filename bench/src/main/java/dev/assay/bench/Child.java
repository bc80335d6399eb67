package dev.assay.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A process that this one has started. It is ended by its id, at the latest when this JVM ends in
/// order.
final class Child implements AutoCloseable {

    /// What every JVM of a measurement is started with.
    static final List<String> JVM_OPTIONS =
            List.of(
                    "-XX:+ExitOnOutOfMemoryError",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow");

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    private static final long LOOK_EVERY_MS = 20;
    private static final Set<Child> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> RUNNING.forEach(child -> child.process.destroyForcibly())));
    }

    private final Process process;
    private final Path log;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /// Starts a class of this class path in a JVM of its own.
    ///
    /// @param log where its output goes; written anew
    /// @param jvmOptions may name another class path
    static Child java(Path log, List<String> jvmOptions, Class<?> main, List<String> arguments) {
        return java(log, jvmOptions, main.getName(), arguments);
    }

    static Child java(Path log, List<String> jvmOptions, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(jvmOptions);
        command.add(main);
        command.addAll(arguments);
        return of(log, command);
    }

    static Child of(Path log, List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            Child child = new Child(process, log);
            RUNNING.add(child);
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until its output holds the pattern; returns the pattern's first group.
    ///
    /// @throws IllegalStateException if it ends before, or takes too long
    String said(Pattern pattern) throws InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            boolean ended = !process.isAlive();
            Matcher matcher = pattern.matcher(output());
            if (matcher.find()) {
                return matcher.group(1);
            }
            if (ended || System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "%s did not say \"%s\"; its output: %s"
                                .formatted(log.getFileName(), pattern, output()));
            }
            process.waitFor(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
        }
    }

    String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Whether it has ended by itself and well.
    boolean succeeded() {
        return !process.isAlive() && process.exitValue() == 0;
    }

    /// As kill -9 does.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        RUNNING.remove(this);
    }

    /// Asks it to end, as SIGTERM does, and waits. One that takes over a minute is killed.
    ///
    /// @return whether it ended by itself
    boolean stop() throws InterruptedException {
        process.destroy();
        boolean inOrder = process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (!inOrder) {
            process.destroyForcibly();
            process.waitFor();
        }
        RUNNING.remove(this);
        return inOrder;
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
