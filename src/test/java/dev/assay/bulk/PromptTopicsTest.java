package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.Message;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.config.TopologyParser;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class PromptTopicsTest {

    private final PromptTopics topics =
            new PromptTopics(
                    TopologyParser.parse(
                            """
                            name: tenants
                            models: [{name: only, provider: simulated}]
                            routes: [{name: all, assign: {strategy: fixed, models: [only]}}]
                            topics: {prefix: test.}
                            tenants: {acme: {topic: prompts.acme}, other: {models: [only]}}
                            """,
                            Path.of("t.yaml"),
                            Map.of()));

    @Test
    void topicsOfTenantsBearThePrefixLikeAllOthers() {
        assertThat(topics.of(event("acme"))).isEqualTo("test.prompts.acme");
        assertThat(topics.of(event("other"))).isEqualTo("test.prompts");
        assertThat(topics.of(event(null))).isEqualTo("test.prompts");
        assertThat(topics.all()).containsExactly("test.prompts", "test.prompts.acme");
    }

    private static PromptEvent event(@Nullable String tenant) {
        return PromptEvent.newBuilder()
                .setId("p1")
                .setPriority(Priority.BULK)
                .setMessages(List.of(new Message("user", "q")))
                .setTenant(tenant)
                .build();
    }
}
