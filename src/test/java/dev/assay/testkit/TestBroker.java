package dev.assay.testkit;

/// The broker that all integration tests of one JVM share. A test asks for it as a parameter, under
/// [KafkaExtension], and uses topics and groups of its own.
public interface TestBroker extends AutoCloseable {

    String bootstrapServers();

    @Override
    void close();
}
