package dev.assay.http;

import io.javalin.http.Context;

import java.util.Optional;
import java.util.regex.Pattern;

/// What is let in where nobody need show a key: requests of this machine's own programs and of our
/// own page, but not of other pages that are open in a browser on it.
///
/// A page may send a request anywhere, and the browser names the page in `Origin`. A page whose
/// name leads to this machine (DNS rebinding) is our own page to the browser, but `Host` bears its
/// name.
final class LocalRequests {

    /// With or without a port.
    private static final Pattern LOOPBACK =
            Pattern.compile(
                    "(([a-z0-9_-]+\\.)*localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]+)?",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://");
    private static final int FORBIDDEN = 403;

    private LocalRequests() {}

    /// Why a request is not let in.
    static Optional<ApiError> refusal(Context context) {
        String host = Optional.ofNullable(context.header("Host")).orElse("");
        if (!LOOPBACK.matcher(host).matches()) {
            return Optional.of(
                    refused(
                            "without keys only requests to localhost, 127.0.0.1 or [::1] are answered, and the Host of this one is another; set "
                                    + ApiKeys.VARIABLE));
        }
        return Optional.ofNullable(context.header("Origin"))
                .filter(origin -> !SCHEME.matcher(origin).replaceFirst("").equalsIgnoreCase(host))
                .map(
                        _ ->
                                refused(
                                        "without keys no page of another origin is answered; set "
                                                + ApiKeys.VARIABLE));
    }

    private static ApiError refused(String message) {
        return new ApiError(FORBIDDEN, message, Optional.of("forbidden"));
    }
}
