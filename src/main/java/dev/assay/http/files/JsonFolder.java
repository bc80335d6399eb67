package dev.assay.http.files;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A folder of small records, each a JSON file that is replaced as a whole. One process at a time.
///
/// @param <T> a record of them
public final class JsonFolder<T> {

    private static final String SUFFIX = ".json";
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new Jdk8Module())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    private final Path folder;
    private final Class<T> type;

    public JsonFolder(Path folder, Class<T> type) {
        this.folder = folder;
        this.type = type;
    }

    /// All that are there, in no order.
    ///
    /// @throws UncheckedIOException if the folder cannot be made, or one cannot be read
    public List<T> load() {
        List<T> records = new ArrayList<>();
        try {
            Files.createDirectories(folder);
            try (Stream<Path> entries = Files.list(folder)) {
                for (Path entry : entries.filter(JsonFolder::isRecord).toList()) {
                    records.add(MAPPER.readValue(entry.toFile(), type));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be read".formatted(folder), e);
        }
        return records;
    }

    /// Replaces one, or adds it; on the disk when this returns.
    public void save(String id, T value) {
        try {
            Path next = folder.resolve(id + ".next");
            try (FileChannel channel =
                    FileChannel.open(
                            next,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(MAPPER.writeValueAsBytes(value));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(
                    next,
                    file(id),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be written".formatted(file(id)), e);
        }
    }

    public void delete(String id) {
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be deleted".formatted(file(id)), e);
        }
    }

    private Path file(String id) {
        return folder.resolve(id + SUFFIX);
    }

    private static boolean isRecord(Path entry) {
        return entry.getFileName().toString().endsWith(SUFFIX);
    }
}
