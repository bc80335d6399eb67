package dev.assay.http.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;
import dev.assay.config.ApiConfig;
import dev.assay.http.ApiError;
import dev.assay.http.Caller;
import dev.assay.http.files.FileStore;
import dev.assay.http.files.FileStore.Draft;
import dev.assay.http.files.FileStore.NoRoom;
import dev.assay.http.files.StoredFile;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// `/v1/files`. Source: OpenAI API reference, "Files".
public final class FilePages implements Consumer<RoutesConfig> {

    /// As OpenAI names them; only files for batches are of use here.
    private static final List<String> PURPOSES =
            List.of("assistants", "batch", "evals", "fine-tune", "user_data", "vision");

    private static final int USUAL_PAGE = 10_000;
    private static final int LARGEST_PAGE = 10_000;
    private static final Duration SHORTEST_LIFE = Duration.ofHours(1);
    private static final Duration LONGEST_LIFE = Duration.ofDays(30);

    private static final String JSON = "application/json";
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final Supplier<Optional<FileStore>> store;
    private final Uploads uploads;

    /// @param store there once the pipeline works
    public FilePages(Supplier<Optional<FileStore>> store, ApiConfig limits) {
        this.store = store;
        this.uploads = new Uploads(limits.fileBytes());
    }

    @Override
    public void accept(RoutesConfig routes) {
        routes.post("/v1/files", this::upload);
        routes.get("/v1/files", this::list);
        routes.get("/v1/files/{file}", this::file);
        routes.get("/v1/files/{file}/content", this::content);
        routes.delete("/v1/files/{file}", this::delete);
    }

    private void upload(Context context) throws IOException {
        Optional<String> tenant = Caller.of(context).tenant();
        FileStore files = open();
        try (Uploads.Upload upload = uploads.receive(context, files.arriving())) {
            String purpose =
                    upload.field("purpose")
                            .filter(given -> !given.isBlank())
                            .orElseThrow(() -> bad("'purpose' is a required property", "purpose"));
            if (!PURPOSES.contains(purpose)) {
                throw bad(
                        "'%s' is not one of %s - 'purpose'".formatted(purpose, PURPOSES),
                        "purpose");
            }
            Draft draft = new Draft(tenant, upload.fileName(), purpose, lifetime(upload));
            context.contentType(JSON).result(Json.text(json(files.put(draft, upload.file()))));
        } catch (NoRoom e) {
            throw new ApiError(
                    e.status(),
                    String.valueOf(e.getMessage()),
                    Optional.of("storage_limit_exceeded"));
        }
    }

    private static Optional<Duration> lifetime(Uploads.Upload upload) {
        Optional<String> seconds = upload.field("expires_after[seconds]");
        try {
            Optional<Duration> lifetime = seconds.map(Long::parseLong).map(Duration::ofSeconds);
            if (lifetime.isEmpty()
                    || (lifetime.get().compareTo(SHORTEST_LIFE) >= 0
                            && lifetime.get().compareTo(LONGEST_LIFE) <= 0)) {
                return lifetime;
            }
        } catch (NumberFormatException _) {
            // Refused below, as any other time that is none.
        }
        throw bad(
                "expires_after[seconds] is %s; give a number from %d to %d"
                        .formatted(
                                seconds.orElse(""),
                                SHORTEST_LIFE.toSeconds(),
                                LONGEST_LIFE.toSeconds()),
                "expires_after");
    }

    private void list(Context context) {
        Caller caller = Caller.of(context);
        Optional<String> purpose = Optional.ofNullable(context.queryParam("purpose"));
        List<StoredFile> found =
                open().all().stream()
                        .filter(file -> caller.sees(file.tenant()))
                        .filter(file -> purpose.isEmpty() || purpose.get().equals(file.purpose()))
                        .toList();
        List<StoredFile> ordered =
                "asc".equals(context.queryParam("order")) ? found : found.reversed();
        Listing.answer(context, ordered, StoredFile::id, FilePages::json, USUAL_PAGE, LARGEST_PAGE);
    }

    private void file(Context context) {
        context.contentType(JSON).result(Json.text(json(named(context))));
    }

    private void content(Context context) {
        StoredFile file = named(context);
        try {
            context.contentType("application/octet-stream")
                    .header("Cache-Control", "no-store")
                    .result(Files.newInputStream(open().content(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void delete(Context context) {
        StoredFile file = named(context);
        open().delete(file);
        ObjectNode gone = Json.MAPPER.createObjectNode();
        gone.put("id", file.id()).put("object", "file").put("deleted", true);
        context.contentType(JSON).result(Json.text(gone));
    }

    private StoredFile named(Context context) {
        return visible(open(), Caller.of(context), context.pathParam("file"))
                .orElseThrow(
                        () ->
                                new ApiError(
                                        NOT_FOUND,
                                        "No such File object: " + context.pathParam("file"),
                                        Optional.empty(),
                                        Optional.of("id")));
    }

    private FileStore open() {
        return store.get().orElseThrow(FilePages::starting);
    }

    static ApiError starting() {
        return new ApiError(UNAVAILABLE, "the pipeline is still starting; see /readyz");
    }

    /// A file that the caller may see.
    static Optional<StoredFile> visible(FileStore files, Caller caller, String id) {
        return files.find(id).filter(file -> caller.sees(file.tenant()));
    }

    private static ObjectNode json(StoredFile file) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("id", file.id());
        json.put("object", "file");
        json.put("bytes", file.bytes());
        json.put("created_at", Duration.ofMillis(file.createdAtMs()).toSeconds());
        json.put(
                "expires_at",
                file.expiresAtMs().map(at -> Duration.ofMillis(at).toSeconds()).orElse(null));
        json.put("filename", file.name());
        json.put("purpose", file.purpose());
        json.put("status", "processed");
        json.putNull("status_details");
        return json;
    }

    private static ApiError bad(String message, String param) {
        return new ApiError(BAD_REQUEST, message, Optional.empty(), Optional.of(param));
    }
}
