package dev.assay.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.cli.Errors.BadInput;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Optional;

class StateFolderTest {

    @TempDir private Path folder;

    @Test
    void instancesThatNameNoFolderHaveOneEach() throws Exception {
        Path usual = folder.resolve("assay-state");
        try (StateFolder first = StateFolder.free(usual);
                StateFolder second = StateFolder.free(usual)) {
            assertThat(first.path()).isEqualTo(usual);
            assertThat(second.path()).isEqualTo(folder.resolve("assay-state-2"));
        }

        try (StateFolder again = StateFolder.free(usual)) {
            assertThat(again.path()).as("free again").isEqualTo(usual);
        }
    }

    @Test
    void folderOfAnotherInstanceIsRefused() throws Exception {
        try (StateFolder first = StateFolder.open(Optional.of(folder))) {
            assertThatThrownBy(() -> StateFolder.open(Optional.of(first.path())))
                    .isInstanceOf(BadInput.class)
                    .hasMessageContaining("another instance runs in the state folder " + folder)
                    .hasMessageContaining("--state-dir");
        }
    }
}
