package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class InstanceIdTest {

    @TempDir private Path folder;

    @Test
    void staysTheSameInOneFolderAndDiffersBetweenFolders() {
        String first = InstanceId.in(folder.resolve("a"));

        assertThat(InstanceId.in(folder.resolve("a"))).isEqualTo(first).isNotBlank();
        assertThat(InstanceId.in(folder.resolve("b"))).isNotEqualTo(first);
    }

    @Test
    void nameThatACrashLeftEmptyIsMadeAnew() throws IOException {
        Files.writeString(folder.resolve("instance-id"), "");

        String made = InstanceId.in(folder);

        assertThat(made).isNotBlank().isEqualTo(InstanceId.in(folder));
    }

    @Test
    void aFolderThatIsNoneIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> InstanceId.in(file))
                .isInstanceOf(PipelineException.class)
                .hasMessageContaining("the state folder " + file + " cannot be used");
    }
}
