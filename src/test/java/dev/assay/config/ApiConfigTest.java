package dev.assay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

class ApiConfigTest {

    @Test
    void limitsAreOpenAisUnlessSaid() {
        assertThat(parse("").api()).isEqualTo(ApiConfig.DEFAULT);
        assertThat(ApiConfig.DEFAULT.fileBytes()).isEqualTo(200L << 20);
        assertThat(ApiConfig.DEFAULT.batchLines()).isEqualTo(50_000);
    }

    @Test
    void limitsMayBeSet() {
        ApiConfig api = parse("api: {file_mb: 3, tenant_mb: 4, total_mb: 5, batch_lines: 6}").api();

        assertThat(api).isEqualTo(new ApiConfig(3L << 20, 4L << 20, 5L << 20, 6));
    }

    @Test
    void mistakesAreToldWithTheirLineAndKey() {
        assertThatThrownBy(() -> parse("api: {file_mb: 0, files: 3}"))
                .hasMessageContaining("t.yaml:4")
                .hasMessageContaining("api.file_mb")
                .hasMessageContaining("api.files");
    }

    private static TopologyFile parse(String api) {
        String text =
                """
                name: t
                models: [{name: small, provider: simulated}]
                routes: [{name: all, assign: {strategy: fixed, models: [small]}}]
                """;
        return TopologyParser.parse(text + api, Path.of("t.yaml"), Map.of());
    }
}
