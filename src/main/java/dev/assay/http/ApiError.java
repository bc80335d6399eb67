package dev.assay.http;

import java.util.Optional;

/// A request that is refused or fails, in the terms of OpenAI's API.
public final class ApiError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Optional<String> code;
    private final transient Optional<String> param;

    public ApiError(int status, String message) {
        this(status, message, Optional.empty());
    }

    /// @param code what programs tell it by
    public ApiError(int status, String message, Optional<String> code) {
        this(status, message, code, Optional.empty());
    }

    /// @param param the field of the request that is at fault
    public ApiError(int status, String message, Optional<String> code, Optional<String> param) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.param = param;
    }

    public int status() {
        return status;
    }

    public Optional<String> code() {
        return code;
    }

    public Optional<String> param() {
        return param;
    }
}
