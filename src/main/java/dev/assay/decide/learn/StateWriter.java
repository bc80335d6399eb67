package dev.assay.decide.learn;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Collects a value as bytes: big-endian, whole numbers of one to five bytes, floats as they are.
final class StateWriter {

    private static final int LOW_BITS = 0x7f;
    private static final int MORE = 0x80;
    private static final int GROUP = 7;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    StateWriter(byte version) {
        out.write(version);
    }

    void number(int value) {
        int rest = value;
        while ((rest & ~LOW_BITS) != 0) {
            out.write((rest & LOW_BITS) | MORE);
            rest >>>= GROUP;
        }
        out.write(rest);
    }

    void real(float value) {
        int bits = Float.floatToRawIntBits(value);
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out.write(bits >>> shift);
        }
    }

    void real(double value) {
        long bits = Double.doubleToRawLongBits(value);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out.write((int) (bits >>> shift));
        }
    }

    void reals(float[] values) {
        for (float value : values) {
            real(value);
        }
    }

    /// Only those that are not 0, each behind its distance from the one before.
    void sparse(float[] values) {
        int filled = 0;
        for (float value : values) {
            filled += value == 0 ? 0 : 1;
        }
        number(filled);
        int next = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0) {
                number(i - next);
                real(values[i]);
                next = i + 1;
            }
        }
    }

    void text(String value) {
        bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    void bytes(byte[] value) {
        number(value.length);
        out.writeBytes(value);
    }

    byte[] written() {
        return out.toByteArray();
    }
}
