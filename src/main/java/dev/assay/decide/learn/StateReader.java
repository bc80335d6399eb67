package dev.assay.decide.learn;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Reads what `StateWriter` wrote. Every fault of the bytes is an `IllegalArgumentException` that
/// says what was read.
final class StateReader {

    private static final int LOW_BITS = 0x7f;
    private static final int GROUP = 7;

    private final String what;
    private final ByteBuffer in;

    StateReader(String what, byte[] bytes, byte version) {
        this.what = what;
        this.in = ByteBuffer.wrap(bytes);
        byte found = need(1).get();
        if (found != version) {
            throw fault("version %d; this Assay reads version %d".formatted(found, version));
        }
    }

    int number() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += GROUP) {
            byte next = need(1).get();
            value |= (next & LOW_BITS) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw fault("a whole number of more than five bytes");
    }

    /// A number of things that each take at least a byte, and so at most what is left.
    int size() {
        int size = number();
        require(size >= 0 && size <= in.remaining(), "a size of " + size);
        return size;
    }

    int unsignedByte() {
        return Byte.toUnsignedInt(need(1).get());
    }

    float real() {
        return need(Float.BYTES).getFloat();
    }

    double realDouble() {
        return need(Double.BYTES).getDouble();
    }

    float[] reals(int size) {
        float[] values = new float[size];
        need(size * Float.BYTES);
        for (int i = 0; i < size; i++) {
            values[i] = in.getFloat();
        }
        return values;
    }

    float[] sparse(int size) {
        float[] values = new float[size];
        int filled = size();
        int next = 0;
        for (int i = 0; i < filled; i++) {
            int at = next + number();
            require(at >= next && at < size, "place %d of %d".formatted(at, size));
            values[at] = real();
            next = at + 1;
        }
        return values;
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        byte[] value = new byte[size()];
        in.get(value);
        return value;
    }

    void end() {
        require(!in.hasRemaining(), in.remaining() + " bytes too many");
    }

    void require(boolean condition, String fault) {
        if (!condition) {
            throw fault(fault);
        }
    }

    private ByteBuffer need(int bytes) {
        require(in.remaining() >= bytes, "too few bytes");
        return in;
    }

    private IllegalArgumentException fault(String fault) {
        return new IllegalArgumentException("this is no readable %s: %s".formatted(what, fault));
    }
}
