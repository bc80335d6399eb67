package dev.assay.bench;

import dev.assay.avro.Message;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;
import dev.assay.config.TopologyParser;
import dev.assay.topology.Topics;

import org.apache.kafka.common.serialization.Serializer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/// The work that is measured: a prompt, an answer of one model, a check by another, a result.
final class BenchTopology {

    static final Topics TOPICS = new Topics("");

    /// Of the topology, and so of its consumer group.
    static final String NAME = "bench";

    /// What stands between the parts of a prompt that differ, so that a prompt has 300 characters.
    private static final String FILLER = "x".repeat(280);

    private BenchTopology() {}

    /// @param inFlight calls, half of them answers and half of them checks
    /// @param kafka further properties, a line `key: value` each
    static String yaml(Stack stack, int inFlight, String kafka) {
        String half = "in_flight: " + inFlight / 2;
        return yaml(stack, half, half, kafka);
    }

    /// @param answerLimits of the model that answers, as `in_flight: 2`
    /// @param judgeLimits of the one that checks
    /// @param kafka further properties, a line `key: value` each
    static String yaml(Stack stack, String answerLimits, String judgeLimits, String kafka) {
        return """
                name: %6$s
                models:
                  - {name: answer, provider: openai, base_url: "%1$s", model: small, limits: {%2$s}}
                  - {name: judge, provider: openai, base_url: "%1$s", model: large, limits: {%7$s}}
                routes:
                  - name: default
                    assign: {strategy: fixed, models: [answer]}
                    check: {judges: [judge], pass: 5}
                kafka:
                  bootstrap.servers: "%3$s"
                %4$s
                schema_registry: {url: "%5$s"}
                """
                .formatted(
                        stack.modelsUrl(),
                        answerLimits,
                        stack.bootstrapServers(),
                        kafka.indent(2),
                        stack.registryUrl(),
                        NAME,
                        judgeLimits);
    }

    static TopologyFile parsed(String yaml) {
        return TopologyParser.parse(yaml, Path.of("bench.yaml"), Map.of());
    }

    static String prompt(int index) {
        return "Prompt number " + index + " " + FILLER;
    }

    /// The values of Assay's topic of prompts.
    static IntFunction<byte[]> events(String registryUrl) {
        Serializer<PromptEvent> serializer =
                new RegistrySerdes(Map.of("url", registryUrl)).promptEvent().serializer();
        return index ->
                serializer.serialize(
                        TOPICS.prompts(),
                        PromptEvent.newBuilder()
                                .setId(Count.KEY_PREFIX + index)
                                .setPriority(Priority.INTERACTIVE)
                                .setMessages(List.of(new Message("user", prompt(index))))
                                .build());
    }
}
