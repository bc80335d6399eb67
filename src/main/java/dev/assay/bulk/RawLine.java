package dev.assay.bulk;

/// A line as bytes.
public sealed interface RawLine {

    /// From 1.
    long number();

    /// A line that is no longer than allowed. Its bytes are shared and not to be changed.
    final class Whole implements RawLine {

        private final long number;
        private final byte[] bytes;
        private final String end;

        /// @param bytes without the line end
        /// @param end the line end: `\n`, `\r\n`, or nothing at the end of the input
        Whole(long number, byte[] bytes, String end) {
            this.number = number;
            this.bytes = bytes;
            this.end = end;
        }

        @Override
        public long number() {
            return number;
        }

        public byte[] bytes() {
            return bytes;
        }

        public String end() {
            return end;
        }

        public boolean blank() {
            for (byte b : bytes) {
                if (b != ' ' && b != '\t' && b != '\r') {
                    return false;
                }
            }
            return true;
        }
    }

    /// A line that was skipped, since it is longer than allowed.
    record TooLong(long number, long length) implements RawLine {}
}
