package dev.assay.bulk;

import com.google.common.hash.HashCode;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// Which ids a file has used, and where first. Holds 24 bytes an id (a 128-bit hash and the line)
/// in a table that is at most two thirds full, so ten million lines take about 400 MB and no id of
/// any length takes more.
public final class SeenIds {

    private static final int LONGS_PER_SLOT = 3;
    private static final int FIRST_SLOTS = 1 << 10;
    private static final HashFunction HASH = Hashing.murmur3_128();

    private long[] table = new long[FIRST_SLOTS * LONGS_PER_SLOT];
    private int slots = FIRST_SLOTS;
    private int used;

    /// Notes that a line has this id, unless an earlier line had it.
    ///
    /// @param line from 1
    /// @return the earlier line
    public OptionalLong add(String id, long line) {
        HashCode code = HASH.hashString(id, StandardCharsets.UTF_8);
        ByteBuffer hash = ByteBuffer.wrap(code.asBytes()).order(ByteOrder.LITTLE_ENDIAN);
        long low = hash.getLong();
        long high = hash.getLong();
        int at = slotOf(low, high);
        if (table[at + 2] != 0) {
            return OptionalLong.of(table[at + 2]);
        }
        put(at, low, high, line);
        used++;
        if (used * 3L > slots * 2L) {
            grow();
        }
        return OptionalLong.empty();
    }

    /// The place of this hash, or the free place where it belongs.
    private int slotOf(long low, long high) {
        int slot = (int) (low & (slots - 1));
        while (true) {
            int at = slot * LONGS_PER_SLOT;
            if (table[at + 2] == 0 || (table[at] == low && table[at + 1] == high)) {
                return at;
            }
            slot = (slot + 1) & (slots - 1);
        }
    }

    private void put(int at, long low, long high, long line) {
        table[at] = low;
        table[at + 1] = high;
        table[at + 2] = line;
    }

    private void grow() {
        long[] old = table;
        slots *= 2;
        table = new long[Math.multiplyExact(slots, LONGS_PER_SLOT)];
        for (int at = 0; at < old.length; at += LONGS_PER_SLOT) {
            if (old[at + 2] != 0) {
                put(slotOf(old[at], old[at + 1]), old[at], old[at + 1], old[at + 2]);
            }
        }
    }
}
