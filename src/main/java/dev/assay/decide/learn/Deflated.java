package dev.assay.decide.learn;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Bytes in zlib's format, behind no header of our own.
final class Deflated {

    private static final int BUFFER_BYTES = 8192;

    /// What is larger when inflated was not written by us.
    private static final int MAX_INFLATED_BYTES = 1 << 28;

    private Deflated() {}

    static byte[] bytes(byte[] plain) {
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(plain);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    /// @param what the bytes are, for the message
    /// @throws IllegalArgumentException if they are damaged
    static byte[] inflated(String what, byte[] bytes) {
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(bytes);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            while (!inflater.finished()) {
                int size = inflater.inflate(buffer);
                if ((size == 0 && !inflater.finished()) || out.size() + size > MAX_INFLATED_BYTES) {
                    throw damaged(what, "its end is missing, or it is too large");
                }
                out.write(buffer, 0, size);
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw damaged(what, String.valueOf(e.getMessage()));
        }
    }

    private static IllegalArgumentException damaged(String what, String why) {
        return new IllegalArgumentException("this is no readable %s: %s".formatted(what, why));
    }
}
