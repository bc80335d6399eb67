package dev.assay.bulk;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/// What kept a file from being read or written, in words; those of Java's exceptions may be no more
/// than the file's name.
public final class FileTrouble {

    private FileTrouble() {}

    /// The reason alone, without the name of the file.
    public static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException failure when failure.getReason() != null ->
                    failure.getReason();
            case FileSystemException failure ->
                    failure.getClass().getSimpleName().replace("Exception", "");
            default -> String.valueOf(e.getMessage());
        };
    }
}
