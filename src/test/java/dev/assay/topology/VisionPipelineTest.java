package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.GradedAnswer;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// Prompts that not every judge can read: with images, or too long.
class VisionPipelineTest {

    private static final String JUDGED =
            """
            name: harness
            models:
              - {name: small, provider: simulated}
              - {name: blind, provider: simulated, context: 8000}
              - {name: seeing, provider: simulated, tags: [vision]}
            routes:
              - name: default
                assign: {strategy: fixed, models: [small]}
                check: {judges: [blind, seeing], pass: 7}
            """;

    private static final String IMAGE = "data:image/png;base64,iVBORw0KGgo=";

    @TempDir private Path stateDir;

    private PipelineHarness pipeline;

    @BeforeEach
    void start() {
        pipeline = new PipelineHarness(JUDGED, stateDir);
        pipeline.model("blind").scores(9);
        pipeline.model("seeing").scores(8);
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void judgeThatSeesNoImagesIsPassedOverAndTheOtherGetsTheImage() {
        pipeline.send(request("What is this?"));

        GradedAnswer answer = pipeline.graded().getFirst();
        assertThat(answer.getGrade()).isEqualTo(8.0);
        assertThat(answer.getVerdicts()).extracting("state").containsExactly("skipped", "scored");
        assertThat(answer.getVerdicts().getFirst().getReason())
                .isEqualTo("it sees no images (it lacks the tag vision), and the prompt has some");
        assertThat(pipeline.model("seeing").requests().getFirst().chatJson()).contains(IMAGE);
        assertThat(pipeline.model("blind").requests()).isEmpty();
    }

    @Test
    void judgeWhoseContextIsTooSmallIsPassedOver() {
        pipeline.send(PipelineHarness.event("p1", "why? ".repeat(8_000)));

        GradedAnswer answer = pipeline.graded().getFirst();
        assertThat(answer.getGrade()).isEqualTo(8.0);
        assertThat(answer.getVerdicts().getFirst().getReason())
                .contains("more than its context of 8000");
    }

    private static PromptEvent.Builder request(String text) {
        return PromptEvent.newBuilder()
                .setId("p1")
                .setPriority(Priority.INTERACTIVE)
                .setRequest(
                        """
                        {"messages": [{"role": "user", "content": [{"type": "text", "text": "%s"},
                         {"type": "image_url", "image_url": {"url": "%s"}}]}]}"""
                                .formatted(text, IMAGE));
    }
}
