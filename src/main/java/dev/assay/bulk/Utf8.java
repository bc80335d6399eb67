package dev.assay.bulk;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Bytes as text, strictly.
public final class Utf8 {

    private Utf8() {}

    /// @throws BadLine if the bytes are no UTF-8; the message says which is the first bad one, from
    ///   1
    public static String decode(byte[] bytes) throws BadLine {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new BadLine(
                    "it is not valid UTF-8 from byte %d on (0x%02x); save the file as UTF-8"
                            .formatted(in.position() + 1, bytes[in.position()] & 0xff));
        }
        return out.flip().toString();
    }
}
