package dev.assay.provider.simulated;

import java.util.concurrent.TimeUnit;

/// What a simulated model has seen since the server's start. Not for use by more than one thread.
final class ModelTraffic {

    /// A minute is looked at in slices, so that what is told of any minute is right to a slice.
    private static final int SLICES = 600;

    private static final long SLICE_NANOS = TimeUnit.MINUTES.toNanos(1) / SLICES;

    private final long[] begunInSlice = new long[SLICES];
    private final long startNanos;
    private long slice;
    private long begunInMinute;
    private long maxPerMinute;
    private long begun;
    private long inFlight;
    private long maxInFlight;

    ModelTraffic(long nowNanos) {
        this.startNanos = nowNanos;
    }

    /// A call has arrived, whatever becomes of it.
    void begun(long nowNanos) {
        turnTo((nowNanos - startNanos) / SLICE_NANOS);
        begun++;
        begunInSlice[(int) (slice % SLICES)]++;
        begunInMinute++;
        maxPerMinute = Math.max(maxPerMinute, begunInMinute);
    }

    /// The reply to a call is on its way from now on.
    void tookOff() {
        inFlight++;
        maxInFlight = Math.max(maxInFlight, inFlight);
    }

    void landed() {
        inFlight--;
    }

    String json() {
        return "{\"begun\":%d,\"in_flight\":%d,\"max_in_flight\":%d,\"max_per_minute\":%d}"
                .formatted(begun, inFlight, maxInFlight, maxPerMinute);
    }

    private void turnTo(long now) {
        for (long steps = Math.min(now - slice, SLICES); steps > 0; steps--) {
            int oldest = (int) ((now - steps + 1) % SLICES);
            begunInMinute -= begunInSlice[oldest];
            begunInSlice[oldest] = 0;
        }
        slice = now;
    }
}
