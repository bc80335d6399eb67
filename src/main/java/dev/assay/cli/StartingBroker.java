package dev.assay.cli;

import dev.assay.local.EmbeddedBroker;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/// An embedded broker that starts while other things are prepared.
final class StartingBroker implements AutoCloseable {

    private static final Executor OWN_THREAD =
            task -> Thread.ofPlatform().name("broker-start").start(task);

    private final CompletableFuture<EmbeddedBroker> starting;

    private StartingBroker(CompletableFuture<EmbeddedBroker> starting) {
        this.starting = starting;
    }

    static StartingBroker in(Path directory) {
        return new StartingBroker(
                CompletableFuture.supplyAsync(
                        () -> EmbeddedBroker.lasting(directory, 0), OWN_THREAD));
    }

    /// Waits until it takes requests.
    ///
    /// @throws dev.assay.local.LocalStackException where it cannot be started
    String bootstrapServers() {
        try {
            return starting.join().bootstrapServers();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /// Waits until it has started, and stops it.
    @Override
    public void close() {
        starting.handle(
                        (broker, failure) -> {
                            if (failure == null) {
                                broker.close();
                            }
                            return failure;
                        })
                .join();
    }
}
