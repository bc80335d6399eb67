package dev.assay.provider.simulated;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// What the simulated server answers, and when.
///
/// @param headers besides those that every reply has
/// @param delay from the arrival of the request
/// @param inFlight the model that is busy with it until then
record ServerReply(
        int status,
        Map<String, String> headers,
        String json,
        Duration delay,
        Optional<ModelTraffic> inFlight) {

    static ServerReply now(int status, String json) {
        return now(status, Map.of(), json);
    }

    static ServerReply now(int status, Map<String, String> headers, String json) {
        return new ServerReply(status, headers, json, Duration.ZERO, Optional.empty());
    }

    static ServerReply error(int status, String message, String type, String code) {
        return now(status, ReplyJson.error(message, type, code));
    }

    /// The whole reply as it is sent.
    byte[] encoded(long requestNumber, boolean keepAlive) {
        byte[] body = json.getBytes(UTF_8);
        StringBuilder head = new StringBuilder(256);
        head.append("HTTP/1.1 ").append(status).append(' ').append(reason());
        head.append("\r\ncontent-type: application/json\r\ncontent-length: ").append(body.length);
        head.append("\r\nx-request-id: req_").append(requestNumber).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append(keepAlive ? "\r\n" : "connection: close\r\n\r\n");

        byte[] headBytes = head.toString().getBytes(UTF_8);
        byte[] all = Arrays.copyOf(headBytes, headBytes.length + body.length);
        System.arraycopy(body, 0, all, headBytes.length, body.length);
        return all;
    }

    private String reason() {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 411 -> "Length Required";
            case 413 -> "Content Too Large";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 503 -> "Service Unavailable";
            default -> "Error";
        };
    }
}
