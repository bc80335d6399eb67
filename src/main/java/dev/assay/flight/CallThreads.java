package dev.assay.flight;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/// Where calls run, and what tells how long they take.
///
/// @param threads one thread for each try of a call; shut down with the flights
/// @param ticker nanoseconds that pass whatever the clock does
public record CallThreads(ExecutorService threads, LongSupplier ticker) {

    /// A virtual thread for each.
    public static CallThreads virtual() {
        return new CallThreads(
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 0).factory()),
                System::nanoTime);
    }
}
