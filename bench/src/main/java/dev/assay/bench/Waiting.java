package dev.assay.bench;

import java.util.function.BooleanSupplier;

/// Waits that no measurement depends on.
final class Waiting {

    private static final long LOOK_EVERY_MS = 10;

    private Waiting() {}

    static void forEnd(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void seconds(double seconds) throws InterruptedException {
        Thread.sleep(Math.round(seconds * 1e3));
    }

    /// @return whether the condition held within the limit
    static boolean until(BooleanSupplier condition, double limitSeconds)
            throws InterruptedException {
        long deadline = System.nanoTime() + Math.round(limitSeconds * 1e9);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
        return true;
    }
}
