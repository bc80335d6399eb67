package dev.assay.bench;

import dev.assay.local.EmbeddedBroker;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A broker in a process of its own, whose data outlives a kill. Prints its address, then runs
/// until it is ended.
final class Broker {

    private Broker() {}

    /// @param args data folder, port (0 takes a free one)
    public static void main(String[] args) throws InterruptedException {
        EmbeddedBroker broker = EmbeddedBroker.lasting(Path.of(args[0]), Integer.parseInt(args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        IO.println("ready " + broker.bootstrapServers());
        new CountDownLatch(1).await();
    }
}
