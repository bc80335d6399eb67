package dev.assay.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Errors in the form of OpenAI's API: `{"error": {"message", "type", "param", "code"}}`.
final class ErrorJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FIRST_OF_SERVER = 500;
    private static final int UNAUTHORIZED = 401;

    private ErrorJson() {}

    static String of(int status, String message) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode error = body.putObject("error");
        error.put("message", message);
        error.put("type", status >= FIRST_OF_SERVER ? "server_error" : "invalid_request_error");
        error.putNull("param");
        if (status == UNAUTHORIZED) {
            error.put("code", "invalid_api_key");
        } else {
            error.putNull("code");
        }
        return body.toString();
    }
}
