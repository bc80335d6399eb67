package dev.assay.bulk;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.PromptEvent;
import dev.assay.avro.PromptStateRecord;
import dev.assay.config.ModelConfig;
import dev.assay.config.TopologyFile;

import org.apache.avro.Schema;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What makes two runs the same run: the same input under the same topology, read by the same
/// version. Names are for people; the sums decide.
///
/// @param schemasSha256 of the schemas of what lies in the broker's data
public record RunIdentity(
        String input,
        String inputSha256,
        String inputFormat,
        String topology,
        String topologySha256,
        String schemasSha256) {

    static final RunIdentity NONE = new RunIdentity("", "", "", "", "", "");

    private static final List<Schema> SCHEMAS =
            List.of(
                    PromptEvent.getClassSchema(),
                    GradedAnswer.getClassSchema(),
                    FailedPrompt.getClassSchema(),
                    PromptStateRecord.getClassSchema());
    private static final int BUFFER_BYTES = 1 << 20;

    /// Reads the input and the topology file whole.
    ///
    /// @param inputName what people call the input
    public static RunIdentity of(
            Path input, String inputName, Optional<InputFormat> forced, TopologyFile topology)
            throws IOException {
        MessageDigest schemas = sha256();
        SCHEMAS.forEach(schema -> update(schemas, schema.toString()));
        return new RunIdentity(
                inputName,
                sha256Of(input),
                forced.map(InputFormat::label).orElse("by content"),
                topology.source(),
                sha256Of(topology),
                hex(schemas));
    }

    /// What this run is of that the other is not, for people.
    Optional<String> difference(RunIdentity other) {
        if (!inputSha256.equals(other.inputSha256)) {
            return Optional.of(
                    input.equals(other.input)
                            ? "an earlier state of the input " + input
                            : "another input, " + input);
        }
        if (!inputFormat.equals(other.inputFormat)) {
            return Optional.of("the input read as another format (" + inputFormat + ")");
        }
        if (!topologySha256.equals(other.topologySha256)) {
            return Optional.of(
                    topology.equals(other.topology)
                            ? "an earlier state of the topology file %s or of its variables"
                                    .formatted(topology)
                            : "another topology file, " + topology);
        }
        if (!schemasSha256.equals(other.schemasSha256)) {
            return Optional.of("another version of Assay");
        }
        return Optional.empty();
    }

    private static String sha256Of(Path file) throws IOException {
        MessageDigest digest = sha256();
        update(digest, file);
        return hex(digest);
    }

    /// Variables change what the same file says. They count where they change answers or costs; a
    /// key may be renewed in between.
    private static String sha256Of(TopologyFile topology) throws IOException {
        MessageDigest digest = sha256();
        update(digest, Path.of(topology.source()));
        for (ModelConfig model : topology.models()) {
            update(digest, model + model.providerModel() + model.card().price());
        }
        update(digest, topology.routes().toString());
        return hex(digest);
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void update(MessageDigest digest, Path file) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
