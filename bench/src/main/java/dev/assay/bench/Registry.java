package dev.assay.bench;

import dev.assay.local.RegistryProcess;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A schema registry in a process of its own. Prints its address, then runs until it is ended.
final class Registry {

    private Registry() {}

    /// @param args data folder
    public static void main(String[] args) throws InterruptedException {
        RegistryProcess registry = RegistryProcess.lasting(Path.of(args[0]), 0);
        Runtime.getRuntime().addShutdownHook(new Thread(registry::close));
        IO.println("ready " + registry.url());
        new CountDownLatch(1).await();
    }
}
