package dev.assay.http.openai;

import dev.assay.http.ApiError;
import dev.assay.http.Caller;

import io.javalin.http.Context;

import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/// Receives multipart uploads onto the disk, a few at a time, and of one tenant half as many. Safe
/// for any thread.
final class Uploads {

    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    /// Each may fill the disk by the largest file.
    static final int MOST_AT_ONCE = 8;

    private static final int MOST_OF_ONE_TENANT = MOST_AT_ONCE / 2;

    private static final int MEMORY_BYTES = 64 * 1024;

    /// Of all that is not the file itself.
    private static final long FRAME_BYTES = 1024 * 1024;

    private static final int MOST_FIELD_BYTES = 4096;
    private static final int MOST_NAME_CHARS = 512;
    private static final String CONFIG = "org.eclipse.jetty.multipartConfig";
    private static final int BAD_REQUEST = 400;
    private static final int TIMED_OUT = 408;
    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY_REQUESTS = 429;

    private final long maxBytes;
    private final Semaphore room = new Semaphore(MOST_AT_ONCE);
    private final Map<String, Semaphore> roomOfTenants = new ConcurrentHashMap<>();

    /// @param maxBytes of one file
    Uploads(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /// A file that has come whole; deleted on closing unless it was moved away.
    final class Upload implements AutoCloseable {

        private final HttpServletRequest request;
        private final Caller caller;
        private final Path file;
        private final String fileName;

        private Upload(HttpServletRequest request, Caller caller, Path file, String fileName) {
            this.request = request;
            this.caller = caller;
            this.file = file;
            this.fileName = fileName;
        }

        Path file() {
            return file;
        }

        /// As the caller says it; never to be made a path of.
        String fileName() {
            return fileName;
        }

        /// A field beside the file.
        Optional<String> field(String name) {
            try {
                Part part = request.getPart(name);
                if (part == null) {
                    return Optional.empty();
                }
                byte[] bytes = part.getInputStream().readNBytes(MOST_FIELD_BYTES);
                return Optional.of(new String(bytes, StandardCharsets.UTF_8).strip());
            } catch (IOException | ServletException | IllegalStateException e) {
                throw unreadable(e);
            }
        }

        @Override
        public void close() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warn("{} cannot be deleted: {}", file, e.getMessage());
            }
            leave(caller);
        }
    }

    /// Reads the request to its end.
    ///
    /// @param folder where the file is put, under a name of its own
    /// @throws ApiError if it is no upload, or too large, or too many come at once
    Upload receive(Context context, Path folder) {
        Caller caller = Caller.of(context);
        enter(caller);
        boolean whole = false;
        try {
            Upload upload = parts(context.req(), caller, folder);
            whole = true;
            return upload;
        } finally {
            if (!whole) {
                leave(caller);
            }
        }
    }

    private void enter(Caller caller) {
        Optional<Semaphore> own = ownRoom(caller);
        if (own.isPresent() && !own.get().tryAcquire()) {
            throw tooMany(MOST_OF_ONE_TENANT);
        }
        if (!room.tryAcquire()) {
            own.ifPresent(Semaphore::release);
            throw tooMany(MOST_AT_ONCE);
        }
    }

    private void leave(Caller caller) {
        room.release();
        ownRoom(caller).ifPresent(Semaphore::release);
    }

    private Optional<Semaphore> ownRoom(Caller caller) {
        return caller.tenant()
                .map(
                        tenant ->
                                roomOfTenants.computeIfAbsent(
                                        tenant, _ -> new Semaphore(MOST_OF_ONE_TENANT)));
    }

    private static ApiError tooMany(int most) {
        return new ApiError(
                TOO_MANY_REQUESTS,
                "%d uploads come at once, as many as may; send it again in a moment"
                        .formatted(most));
    }

    private Upload parts(HttpServletRequest request, Caller caller, Path folder) {
        request.setAttribute(
                CONFIG,
                new MultipartConfigElement(
                        folder.toString(), maxBytes, maxBytes + FRAME_BYTES, MEMORY_BYTES));
        try {
            Part part = request.getPart("file");
            if (part == null) {
                throw new ApiError(
                        BAD_REQUEST,
                        "'file' is a required property",
                        Optional.empty(),
                        Optional.of("file"));
            }
            Path file = folder.resolve(UUID.randomUUID().toString()).toAbsolutePath();
            part.write(file.toString());
            return new Upload(request, caller, file, name(part));
        } catch (IOException | ServletException | IllegalStateException e) {
            throw unreadable(e);
        }
    }

    private static String name(Part part) {
        String name = part.getSubmittedFileName();
        String shown = name == null || name.isBlank() ? "upload" : name;
        return shown.substring(0, Math.min(shown.length(), MOST_NAME_CHARS));
    }

    private ApiError unreadable(Exception e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String reason = String.valueOf(root.getMessage());
        if (root instanceof TimeoutException) {
            return new ApiError(TIMED_OUT, "the file did not come whole: " + reason);
        }
        return reason.contains("exceed") || reason.contains("too large")
                ? new ApiError(
                        TOO_LARGE,
                        "the file has more than %,d bytes, as many as api.file_mb allows"
                                .formatted(maxBytes),
                        Optional.empty(),
                        Optional.of("file"))
                : new ApiError(
                        BAD_REQUEST,
                        "send the file as multipart/form-data, with the fields purpose and file: "
                                + reason);
    }
}
