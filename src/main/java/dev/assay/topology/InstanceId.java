package dev.assay.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/// The name under which an instance is known to its consumer group, kept beside its state.
///
/// With it a killed instance that starts again gets its partitions back at once; without, the group
/// would wait until the session of its former self has timed out. Source: KIP-345, static
/// membership.
final class InstanceId {

    private static final String FILE = "instance-id";

    private InstanceId() {}

    /// The name in this folder, made where there is none yet.
    ///
    /// @throws PipelineException if the folder cannot be read or written
    static String in(Path stateDir) {
        Path file = stateDir.resolve(FILE);
        try {
            String known = Files.exists(file) ? Files.readString(file).strip() : "";
            if (!known.isEmpty()) {
                return known;
            }
            Files.createDirectories(stateDir);
            String id = UUID.randomUUID().toString();
            Path next = Files.writeString(stateDir.resolve(FILE + ".next"), id);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            return id;
        } catch (IOException e) {
            throw new PipelineException(
                    "the state folder %s cannot be used: %s; choose another".formatted(stateDir, e),
                    e);
        }
    }
}
