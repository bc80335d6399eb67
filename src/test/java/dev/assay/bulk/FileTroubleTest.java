package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;

class FileTroubleTest {

    @Test
    void reasonIsSaidInWordsAndWithoutTheName() {
        assertThat(FileTrouble.reason(new AccessDeniedException("in.csv")))
                .isEqualTo("permission denied");
        assertThat(FileTrouble.reason(new FileSystemException("in.csv", null, "No space left")))
                .isEqualTo("No space left");
        assertThat(FileTrouble.reason(new FileSystemLoopException("in.csv")))
                .isEqualTo("FileSystemLoop");
        assertThat(FileTrouble.reason(new IOException("Not in GZIP format")))
                .isEqualTo("Not in GZIP format");
    }
}
