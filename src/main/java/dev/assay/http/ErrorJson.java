package dev.assay.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Errors in the form of OpenAI's API: `{"error": {"message", "type", "param", "code"}}`.
public final class ErrorJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FIRST_OF_SERVER = 500;
    private static final int TOO_MANY_REQUESTS = 429;

    private ErrorJson() {}

    public static String of(ApiError error) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode fields = body.putObject("error");
        fields.put("message", error.getMessage());
        fields.put("type", type(error.status()));
        fields.put("param", error.param().orElse(null));
        fields.put("code", error.code().orElse(null));
        return body.toString();
    }

    private static String type(int status) {
        if (status >= FIRST_OF_SERVER) {
            return "server_error";
        }
        return status == TOO_MANY_REQUESTS ? "rate_limit_error" : "invalid_request_error";
    }
}
