package dev.assay.provider.http;

import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;

/// Bounds the wait between bytes from the moment a reply has begun.
///
/// Not before: an answer that is not streamed comes in one piece, after all the time that the model
/// needs for it.
final class IdleTimeout extends HttpRequestExecutor {

    private static final String ATTRIBUTE = "assay.idle-timeout";

    static void set(HttpContext context, Duration idleTimeout) {
        context.setAttribute(ATTRIBUTE, Timeout.of(idleTimeout));
    }

    @Override
    public ClassicHttpResponse execute(
            ClassicHttpRequest request,
            HttpClientConnection connection,
            @Nullable HttpResponseInformationCallback informationCallback,
            HttpContext context)
            throws IOException, HttpException {
        ClassicHttpResponse response =
                super.execute(request, connection, informationCallback, context);
        if (context.getAttribute(ATTRIBUTE) instanceof Timeout idleTimeout) {
            connection.setSocketTimeout(idleTimeout);
        }
        return response;
    }
}
