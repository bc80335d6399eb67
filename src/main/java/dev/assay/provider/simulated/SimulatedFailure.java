package dev.assay.provider.simulated;

/// The ways in which simulated models fail.
enum SimulatedFailure {
    RATE_LIMIT(429, "Rate limit reached", "requests", "rate_limit_exceeded"),
    SERVER_ERROR(500, "The server had an error", "server_error", "internal_error"),
    UNAVAILABLE(503, "The model is overloaded", "server_error", "overloaded");

    private final int status;
    private final String body;

    SimulatedFailure(int status, String message, String type, String code) {
        this.status = status;
        this.body = ReplyJson.error(message, type, code);
    }

    static SimulatedFailure of(Draw draw) {
        SimulatedFailure[] all = values();
        return all[draw.below(all.length)];
    }

    int status() {
        return status;
    }

    String body() {
        return body;
    }
}
