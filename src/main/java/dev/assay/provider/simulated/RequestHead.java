package dev.assay.provider.simulated;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;

/// The head of an HTTP/1.1 request, as far as the simulated server needs it.
///
/// @param path without the query
/// @param headBytes its length, with the empty line
/// @param bodyBytes the length of the body that follows
/// @param refusal the status to answer with instead of reading on
record RequestHead(
        String method,
        String path,
        int headBytes,
        int bodyBytes,
        boolean keepAlive,
        boolean expectsContinue,
        Optional<Integer> refusal) {

    static final int MAX_HEAD_BYTES = 32 << 10;

    private static final String END = "\r\n\r\n";
    private static final int BAD_REQUEST = 400;
    private static final int LENGTH_REQUIRED = 411;
    private static final int CONTENT_TOO_LARGE = 413;
    private static final int HEADER_FIELDS_TOO_LARGE = 431;

    /// Reads a head; empty where more bytes are needed.
    ///
    /// @param bytes what was received so far, from its begin
    static Optional<RequestHead> parse(byte[] bytes, int length, int maxBodyBytes) {
        int end = endOfHead(bytes, length);
        if (end < 0) {
            return length < MAX_HEAD_BYTES
                    ? Optional.empty()
                    : Optional.of(refused(HEADER_FIELDS_TOO_LARGE));
        }
        String[] lines = new String(bytes, 0, end - END.length(), ISO_8859_1).split("\r\n", -1);
        String[] request = lines[0].split(" ");
        if (request.length != 3 || !request[2].startsWith("HTTP/1.")) {
            return Optional.of(refused(BAD_REQUEST));
        }
        return Optional.of(parse(lines, request, end, maxBodyBytes));
    }

    private static RequestHead parse(
            String[] lines, String[] request, int headBytes, int maxBodyBytes) {
        long bodyBytes = 0;
        boolean keepAlive = request[2].equals("HTTP/1.1");
        boolean expectsContinue = false;
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon < 0) {
                return refused(BAD_REQUEST);
            }
            String line = lines[i];
            if (isHeader(line, colon, "content-length")) {
                bodyBytes = length(line.substring(colon + 1).strip());
            } else if (isHeader(line, colon, "connection")) {
                keepAlive &= !line.substring(colon + 1).strip().equalsIgnoreCase("close");
            } else if (isHeader(line, colon, "expect")) {
                expectsContinue = true;
            } else if (isHeader(line, colon, "transfer-encoding")) {
                return refused(LENGTH_REQUIRED);
            }
        }
        if (bodyBytes < 0) {
            return refused(BAD_REQUEST);
        }
        if (bodyBytes > maxBodyBytes) {
            return refused(CONTENT_TOO_LARGE);
        }
        int query = request[1].indexOf('?');
        String path = query < 0 ? request[1] : request[1].substring(0, query);
        return new RequestHead(
                request[0],
                path,
                headBytes,
                (int) bodyBytes,
                keepAlive,
                expectsContinue,
                Optional.empty());
    }

    /// Where a head cannot be understood, nothing after it can: the connection ends with the reply.
    private static RequestHead refused(int status) {
        return new RequestHead("", "", 0, 0, false, false, Optional.of(status));
    }

    private static boolean isHeader(String line, int colon, String name) {
        return colon == name.length() && line.regionMatches(true, 0, name, 0, colon);
    }

    private static long length(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static int endOfHead(byte[] bytes, int length) {
        int end = Math.min(length, MAX_HEAD_BYTES);
        for (int i = 3; i < end; i++) {
            if (bytes[i] == '\n'
                    && bytes[i - 1] == '\r'
                    && bytes[i - 2] == '\n'
                    && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }
}
