package dev.assay.local;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The program files of Apicurio Registry: in the user's cache, and on first use brought there from
/// Maven Central.
///
/// They come by way of Maven, so that whatever mirrors and proxies the user has set up for it
/// apply, and are checked against a pinned SHA-256.
final class RegistryDistribution {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryDistribution.class);

    private static final String VERSION = "3.3.3";
    private static final String SHA_256 =
            "8bc6751c76d963734224b01d5e7f84ccb3cb61c87d3bd77c36c35f10a5cbed63";
    private static final String ARTIFACT =
            "io.apicurio:apicurio-registry-app:" + VERSION + ":tar.gz:all";
    private static final String COPY =
            "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy";
    private static final long LIMIT_MINUTES = 15;

    private final Path cache;

    RegistryDistribution(Path cache) {
        this.cache = cache;
    }

    /// In the user's cache directory: `$XDG_CACHE_HOME/assay`, `~/.cache/assay` where that is not
    /// set.
    static RegistryDistribution ofUser() {
        Path caches =
                Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                        .filter(path -> !path.isBlank())
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
        return new RegistryDistribution(caches.resolve("assay"));
    }

    /// The directory with `quarkus-run.jar`. Takes a download of 160 MB the first time.
    ///
    /// @throws LocalStackException where it is not there and cannot be had
    Path obtain() {
        Path home = cache.resolve("apicurio-registry-" + VERSION);
        if (Files.exists(home)) {
            return home;
        }
        try {
            Files.createDirectories(cache);
            Path work = Files.createTempDirectory(cache, "download");
            try {
                LOG.info("Getting Apicurio Registry {} (160 MB, once) into {}", VERSION, home);
                unpack(download(work), home);
            } finally {
                DataDirectory.removeTree(work);
            }
        } catch (IOException e) {
            throw new LocalStackException(
                    "Apicurio Registry %s could not be put into %s: %s. Unpack %s from Maven Central there by hand, or use the address of another schema registry."
                            .formatted(VERSION, home, e.getMessage(), ARTIFACT),
                    e);
        }
        return home;
    }

    private static Path download(Path work) throws IOException {
        run(
                work,
                "mvn",
                "--batch-mode",
                "--quiet",
                COPY,
                "-Dartifact=" + ARTIFACT,
                "-DoutputDirectory=" + work);
        Path archive = work.resolve("apicurio-registry-app-" + VERSION + "-all.tar.gz");
        String found = sha256(archive);
        if (!found.equals(SHA_256)) {
            throw new IOException(
                    "the archive that Maven delivered is not the one expected (its SHA-256 is %s, not %s); remove it from the local Maven repository"
                            .formatted(found, SHA_256));
        }
        return archive;
    }

    /// Appears whole or not at all: a half unpacked directory never bears the final name.
    private static void unpack(Path archive, Path home) throws IOException {
        Path unpacked = Files.createDirectory(archive.resolveSibling("unpacked"));
        run(unpacked, "tar", "-xzf", archive.toString());
        try {
            Files.move(unpacked, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            LOG.debug("Another process has put {} there meanwhile", home, e);
        }
    }

    private static void run(Path directory, String... command) throws IOException {
        Path output = Files.createTempFile(directory, "output", ".log");
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException(
                        "%s took longer than %d minutes".formatted(command[0], LIMIT_MINUTES));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command[0] + " was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        List<String> said = Files.readAllLines(output, StandardCharsets.UTF_8);
        Files.delete(output);
        if (process.exitValue() != 0) {
            throw new IOException(
                    "%s failed: %s"
                            .formatted(
                                    command[0],
                                    said.isEmpty() ? process.exitValue() : said.getFirst()));
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
