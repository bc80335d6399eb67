package dev.assay.local;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A schema registry on 127.0.0.1 as a child process: Apicurio Registry, which speaks the API of
/// Confluent's. It has it below `/apis/ccompat/v7`; here that is at the root as well.
///
/// Its schemas are in a database file that outlives a kill. A subject without a compatibility of
/// its own is held to FULL_TRANSITIVE. The process ends with this JVM, however that ends. Ctrl-C at
/// a terminal reaches only this JVM, which closes it after its clients.
public final class RegistryProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final long LOOK_EVERY_MS = 50;
    private static final Pattern READY =
            Pattern.compile("Listening on: http://127\\.0\\.0\\.1:(\\d+)\\b");

    private final Process process;
    private final DataDirectory data;
    private final RegistryFront front;

    private RegistryProcess(Process process, DataDirectory data, RegistryFront front) {
        this.process = process;
        this.data = data;
        this.front = front;
    }

    /// Starts a registry on a free port, whose data is removed when it is closed. Returns when it
    /// takes requests.
    ///
    /// @throws LocalStackException where it cannot be had or started
    public static RegistryProcess temporary() {
        return start(DataDirectory.temporary("assay-registry"), 0);
    }

    /// Starts a registry that keeps its data in a directory, made where missing. Returns when it
    /// takes requests.
    ///
    /// @param port of 127.0.0.1; 0 takes a free one
    /// @throws LocalStackException where it cannot be had or started: port taken, directory in use,
    ///   not writable or full
    public static RegistryProcess lasting(Path directory, int port) {
        return start(DataDirectory.lasting(directory), port);
    }

    /// What clients put into `schema.registry.url`.
    public String url() {
        return "http://" + LoopbackPorts.HOST + ":" + port();
    }

    public int port() {
        return front.port();
    }

    @Override
    public void close() {
        front.close();
        stop(process);
        data.close();
    }

    private static RegistryProcess start(DataDirectory data, int port) {
        try {
            if (port != 0) {
                LoopbackPorts.requireFree(port, "The schema registry", "--registry-port");
            }
            Path home = RegistryDistribution.ofUser().obtain();
            Path log = data.path().resolve("registry.log");
            Process process = launch(home, data.path(), log);
            try {
                return new RegistryProcess(
                        process, data, RegistryFront.start(port, awaitReady(process, log)));
            } catch (Throwable e) {
                process.destroyForcibly();
                throw e;
            }
        } catch (Throwable e) {
            data.release();
            throw e;
        }
    }

    private static Process launch(Path home, Path data, Path log) {
        List<String> command = new ArrayList<>();
        // An interrupt from the terminal goes to the whole process group; a JVM that finds it
        // ignored leaves it so.
        command.addAll(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
        command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
        settings(data).forEach(setting -> command.add("-D" + setting));
        command.addAll(
                List.of(
                        "-cp",
                        home.resolve("quarkus-run.jar") + File.pathSeparator + launcher(data)));
        command.add(RegistryLauncher.class.getName());
        command.add("io.quarkus.bootstrap.runner.QuarkusEntryPoint");
        try {
            return new ProcessBuilder(command)
                    .directory(data.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new LocalStackException(
                    "The schema registry could not be started (%s).".formatted(e.getMessage()), e);
        }
    }

    private static List<String> settings(Path data) {
        return List.of(
                "quarkus.http.host=" + LoopbackPorts.HOST,
                "quarkus.http.port=0",
                // Health and metrics have a port of their own, which would be open to the network.
                "quarkus.management.host=" + LoopbackPorts.HOST,
                "quarkus.management.port=0",
                "quarkus.banner.enabled=false",
                "quarkus.http.access-log.enabled=false",
                "quarkus.log.category.\"io.apicurio\".level=WARN",
                "apicurio.rules.global.compatibility=FULL_TRANSITIVE",
                "apicurio.storage.kind=sql",
                "apicurio.storage.sql.kind=h2",
                // Without the delay no registered schema is lost to a kill.
                "apicurio.datasource.url=jdbc:h2:file:"
                        + data.resolve("registry")
                        + ";WRITE_DELAY=0");
    }

    /// Puts the launcher's class where the child finds it alone: the libraries around it would mix
    /// with the registry's.
    private static Path launcher(Path data) {
        String file = RegistryLauncher.class.getName().replace('.', '/') + ".class";
        Path root = data.resolve("launcher");
        Path target = root.resolve(file);
        try (InputStream classFile =
                Objects.requireNonNull(
                        RegistryLauncher.class.getClassLoader().getResourceAsStream(file), file)) {
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.copy(classFile, target, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LocalStackException(
                    "Cannot write %s (%s).".formatted(target, e.getMessage()), e);
        }
        return root;
    }

    /// The port on which it takes requests now; its log says so.
    private static int awaitReady(Process process, Path log) {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        try {
            for (; ; ) {
                Matcher ready = READY.matcher(Files.readString(log));
                if (ready.find()) {
                    return Integer.parseInt(ready.group(1));
                }
                if (process.waitFor(LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
                    throw notStarted("ended with status " + process.exitValue(), log);
                }
                if (System.nanoTime() - deadline > 0) {
                    throw notStarted("was not ready after " + START_LIMIT.toSeconds() + " s", log);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notStarted("was interrupted", log);
        } catch (IOException e) {
            throw notStarted("left an unreadable log (" + e.getMessage() + ")", log);
        }
    }

    private static LocalStackException notStarted(String how, Path log) {
        return new LocalStackException(
                "The schema registry did not start: it %s. Its log tells more: %s"
                        .formatted(how, log));
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
