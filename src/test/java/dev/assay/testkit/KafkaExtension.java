package dev.assay.testkit;

import dev.assay.local.EmbeddedBroker;

import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.testcontainers.kafka.KafkaContainer;

import java.util.Optional;

/// Gives tests a [TestBroker]: Kafka's official image where a Docker engine answers, the embedded
/// broker elsewhere.
///
/// The system property `assay.it.broker`, or the environment variable `ASSAY_IT_BROKER`, settles
/// it: `embedded`, `container` or `auto`.
public final class KafkaExtension implements ParameterResolver {

    private static final String IMAGE = "apache/kafka:" + AppInfoParser.getVersion();

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestBroker.class;
    }

    @Override
    public TestBroker resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(KafkaExtension.class))
                .getOrComputeIfAbsent(TestBroker.class, key -> start(), TestBroker.class);
    }

    private static TestBroker start() {
        return switch (choice()) {
            case "embedded" -> embedded();
            case "container" -> container();
            case "auto" -> DockerEngine.answers() ? container() : embedded();
            case String other ->
                    throw new IllegalArgumentException(
                            "assay.it.broker is %s; it may be embedded, container or auto"
                                    .formatted(other));
        };
    }

    private static String choice() {
        return Optional.ofNullable(System.getProperty("assay.it.broker"))
                .or(() -> Optional.ofNullable(System.getenv("ASSAY_IT_BROKER")))
                .orElse("auto");
    }

    private static TestBroker embedded() {
        tell("the embedded broker, Kafka " + AppInfoParser.getVersion());
        EmbeddedBroker broker = EmbeddedBroker.temporary();
        return new TestBroker() {
            @Override
            public String bootstrapServers() {
                return broker.bootstrapServers();
            }

            @Override
            public void close() {
                broker.close();
            }
        };
    }

    private static TestBroker container() {
        tell("the container image " + IMAGE);
        KafkaContainer container =
                new KafkaContainer(IMAGE)
                        .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                        .withEnv(
                                "KAFKA_MESSAGE_MAX_BYTES",
                                String.valueOf(EmbeddedBroker.MAX_RECORD_BYTES));
        container.start();
        return new TestBroker() {
            @Override
            public String bootstrapServers() {
                return container.getBootstrapServers();
            }

            @Override
            public void close() {
                container.stop();
            }
        };
    }

    private static void tell(String broker) {
        System.out.println("integration tests run on: " + broker);
    }
}
