package dev.assay.provider.http;

import dev.assay.provider.http.HttpOutcome.Disconnected;
import dev.assay.provider.http.HttpOutcome.Replied;
import dev.assay.provider.http.HttpOutcome.TimedOut;
import dev.assay.provider.http.HttpOutcome.Wait;

import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.net.URIAuthority;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;

/// One address to post JSON to. Any number of virtual threads may call at once.
public final class HttpEndpoint implements AutoCloseable {

    private final HttpCaller caller;
    private final URI uri;
    private final HttpHost host;
    private final Header[] headers;
    private final Duration idleTimeout;
    private final HttpFailures failures;
    private final Set<HttpPost> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    HttpEndpoint(HttpCaller caller, URI uri, Map<String, String> headers, Duration idleTimeout) {
        this.caller = caller;
        this.uri = uri;
        this.host = new HttpHost(uri.getScheme(), authority(uri));
        this.headers =
                headers.entrySet().stream()
                        .map(header -> new BasicHeader(header.getKey(), header.getValue()))
                        .toArray(Header[]::new);
        this.idleTimeout = idleTimeout;
        this.failures = new HttpFailures(caller.settings().connectTimeout(), idleTimeout);
    }

    /// Posts a body and waits for the whole reply. No exception but the interrupt leaves this
    /// method.
    ///
    /// @param timeout for everything: connecting, sending, waiting and reading
    /// @throws InterruptedException if the thread was interrupted; the call is cancelled
    public HttpOutcome post(byte[] json, Duration timeout) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!timeout.isPositive()) {
            return new TimedOut(Wait.WHOLE_REPLY, timeout, false);
        }
        JsonEntity entity = new JsonEntity(json);
        HttpPost post = new HttpPost(uri);
        post.setHeaders(headers);
        post.setEntity(entity);
        Deadline deadline = new Deadline(post);

        open.add(post);
        try {
            if (closed) {
                return new Disconnected("the provider is closed", false);
            }
            Future<?> alarm = caller.schedule(deadline, timeout);
            try {
                return exchange(post, System.nanoTime() + timeout.toNanos());
            } finally {
                alarm.cancel(false);
            }
        } catch (RejectedExecutionException e) {
            return new Disconnected("the provider is closed", false);
        } catch (IOException | RuntimeException e) {
            // Closes the connection; to close a reply would be to read it to its end first.
            post.cancel();
            // A virtual thread's interrupt closes its socket, which shows as an I/O error.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return deadline.passed
                    ? new TimedOut(Wait.WHOLE_REPLY, timeout, entity.sent())
                    : failures.of(e, entity.sent());
        } finally {
            open.remove(post);
        }
    }

    /// Cancels the calls in the air, which end as failures, and takes no more.
    @Override
    public void close() {
        closed = true;
        open.forEach(HttpPost::cancel);
    }

    private static URIAuthority authority(URI uri) {
        try {
            return URIAuthority.create(uri.getRawAuthority());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("base_url has no valid host", e);
        }
    }

    private HttpOutcome exchange(HttpPost post, long deadlineNanos) throws IOException {
        HttpClientContext context = HttpClientContext.create();
        IdleTimeout.set(context, idleTimeout);
        // A reply that was read to its end has given its connection back, and needs no closing.
        ClassicHttpResponse response = caller.client().executeOpen(host, post, context);
        ReplyHeaders replyHeaders = new ReplyHeaders(response.getHeaders());
        int status = response.getCode();
        try (ReplyMemory.Share memory = caller.replyMemory().share(deadlineNanos)) {
            String body =
                    ReplyBody.read(response.getEntity(), caller.settings().maxBodyBytes(), memory);
            return new Replied(new HttpReply(status, replyHeaders, body));
        } catch (IOException e) {
            HttpReply headOnly = new HttpReply(status, replyHeaders, "");
            if (headOnly.isSuccess() || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            post.cancel();
            return new Replied(headOnly);
        }
    }

    /// Cancels a request when its time is up. Runs on the caller's timer thread.
    private static final class Deadline implements Runnable {

        private final HttpPost post;
        private volatile boolean passed;

        Deadline(HttpPost post) {
            this.post = post;
        }

        @Override
        public void run() {
            passed = true;
            post.cancel();
        }
    }
}
