package dev.assay.local;

import java.nio.file.Path;

/// Hosts a broker in a JVM of its own until that is killed; prints where the broker listens.
final class BrokerHost {

    private BrokerHost() {}

    public static void main(String[] args) {
        System.out.println(EmbeddedBroker.lasting(Path.of(args[0]), 0).bootstrapServers());
    }
}
