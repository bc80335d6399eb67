package dev.assay.decide.check;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Hashes that are the same on every machine, in every run and in every version.
///
/// SHA-256 over the purpose and the parts, each as UTF-8 behind its length as 4 bytes, so that no
/// two lists of parts share an encoding. The purpose keeps decisions apart that hash the same id.
public final class StableHash {

    private static final int NONCE_BYTES = 8;
    private static final int DOUBLE_BITS = 53;

    private StableHash() {}

    /// A number in [0, 1), uniform over ids: the first 53 bits of the hash, as a fraction.
    public static double fraction(String purpose, String id) {
        long bits = ByteBuffer.wrap(digest(purpose, id)).getLong() >>> (Long.SIZE - DOUBLE_BITS);
        return bits * 0x1p-53;
    }

    /// 16 hexadecimal digits in lower case: the first 64 bits of the hash.
    static String hex(String purpose, String... parts) {
        return HexFormat.of().formatHex(digest(purpose, parts), 0, NONCE_BYTES);
    }

    private static byte[] digest(String purpose, String... parts) {
        MessageDigest sha256 = sha256();
        update(sha256, purpose);
        for (String part : parts) {
            update(sha256, part);
        }
        return sha256.digest();
    }

    private static void update(MessageDigest sha256, String part) {
        byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).flip());
        sha256.update(utf8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(
                    "this JDK has no SHA-256, which every JDK must have", e);
        }
    }
}
