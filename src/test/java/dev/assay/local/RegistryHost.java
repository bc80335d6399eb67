package dev.assay.local;

import java.nio.file.Path;

/// Is the parent of a registry until it is killed; prints the registry's port.
final class RegistryHost {

    private RegistryHost() {}

    public static void main(String[] args) throws InterruptedException {
        System.out.println(RegistryProcess.lasting(Path.of(args[0]), 0).port());
        Thread.currentThread().join();
    }
}
