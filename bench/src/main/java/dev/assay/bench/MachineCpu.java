package dev.assay.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// What all cores together have done so far, from Linux's `/proc/stat`, as proc_stat(5) tells.
///
/// @param all ticks, idle ones too
/// @param idle ticks, waits for disks included
record MachineCpu(long all, long idle) {

    private static final int IDLE = 3;
    private static final int WAITING_FOR_DISK = 4;

    /// User, nice, system, idle, iowait, irq, softirq, steal; those of guests are in user and nice.
    private static final int FIELDS = 8;

    static MachineCpu now() {
        try {
            String line = Files.readAllLines(Path.of("/proc/stat")).getFirst();
            long[] ticks =
                    Arrays.stream(line.split(" +"))
                            .skip(1)
                            .limit(FIELDS)
                            .mapToLong(Long::parseLong)
                            .toArray();
            return new MachineCpu(
                    Arrays.stream(ticks).sum(), ticks[IDLE] + ticks[WAITING_FOR_DISK]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The part of all cores that was busy between then and now, 0 to 1.
    double busyTo(MachineCpu later) {
        return 1 - (double) (later.idle - idle) / Math.max(1, later.all - all);
    }
}
