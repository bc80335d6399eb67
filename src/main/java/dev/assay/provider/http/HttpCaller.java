package dev.assay.provider.http;

import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The one pool of HTTP connections of an instance, and the clock that ends calls which take too
/// long.
///
/// Calls block the thread that makes them, which is a virtual one; the deadlines run on one thread
/// of their own.
public final class HttpCaller implements AutoCloseable {

    private static final String USER_AGENT = "assay";

    /// A connection has three of them, and holds them while its call waits for the model: with the
    /// library's 32 KiB, 10,000 calls took 1 GB of heap. What is larger goes past them.
    private static final int BUFFER_BYTES = 4 << 10;

    private static final int MAX_HEADER_CHARS = 32 << 10;
    private static final int MAX_HEADERS = 200;
    private static final int PROBE_AFTER_SECONDS = 30;
    private static final int PROBE_INTERVAL_SECONDS = 10;
    private static final int LOST_PROBES = 3;

    private final Settings settings;
    private final PoolingHttpClientConnectionManager connections;
    private final CloseableHttpClient client;
    private final ScheduledThreadPoolExecutor timer;
    private final ReplyMemory replyMemory;

    /// The limits of all calls.
    ///
    /// @param maxConnections at once, to one host as well as to all
    /// @param maxBodyBytes of a reply, as sent and as inflated
    /// @param replyMemoryBytes for large replies that are being read, all together; as received or
    ///   as inflated, so that the heap needs up to three times as much
    /// @param keepAlive how long an unused connection is kept, where the server does not say
    public record Settings(
            int maxConnections,
            int maxBodyBytes,
            long replyMemoryBytes,
            Duration connectTimeout,
            Duration keepAlive) {

        /// Room for 10,000 calls in the air.
        public static final Settings DEFAULT =
                new Settings(
                        16_384,
                        16 << 20,
                        128L << 20,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30));

        /// With at least so many connections.
        public Settings withRoomFor(int connections) {
            return new Settings(
                    Math.max(maxConnections, connections),
                    maxBodyBytes,
                    replyMemoryBytes,
                    connectTimeout,
                    keepAlive);
        }

        /// With so much memory for large replies.
        public Settings withReplyMemory(long bytes) {
            return new Settings(maxConnections, maxBodyBytes, bytes, connectTimeout, keepAlive);
        }
    }

    public HttpCaller(Settings settings) {
        this.settings = settings;
        this.connections = connections(settings);
        this.client = client(settings, connections);
        this.timer = timer();
        this.replyMemory = new ReplyMemory(settings.replyMemoryBytes());
        long keepAliveMs = settings.keepAlive().toMillis();
        var _ =
                timer.scheduleWithFixedDelay(
                        this::closeUnused, keepAliveMs, keepAliveMs, TimeUnit.MILLISECONDS);
    }

    /// One address to post to.
    ///
    /// @param headers sent with every request
    /// @param idleTimeout the longest wait between bytes
    public HttpEndpoint endpoint(URI uri, Map<String, String> headers, Duration idleTimeout) {
        return new HttpEndpoint(this, uri, headers, idleTimeout);
    }

    /// Closes all connections; calls in the air end as failures.
    @Override
    public void close() {
        timer.shutdownNow();
        client.close(CloseMode.IMMEDIATE);
    }

    CloseableHttpClient client() {
        return client;
    }

    ReplyMemory replyMemory() {
        return replyMemory;
    }

    Settings settings() {
        return settings;
    }

    ScheduledFuture<?> schedule(Runnable action, Duration delay) {
        return timer.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void closeUnused() {
        connections.closeExpired();
        connections.closeIdle(TimeValue.ofMilliseconds(settings.keepAlive().toMillis()));
    }

    private static PoolingHttpClientConnectionManager connections(Settings settings) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(
                        ManagedHttpClientConnectionFactory.builder()
                                .http1Config(
                                        Http1Config.custom()
                                                .setBufferSize(BUFFER_BYTES)
                                                .setMaxLineLength(MAX_HEADER_CHARS)
                                                .setMaxHeaderCount(MAX_HEADERS)
                                                .build())
                                .build())
                .setMaxConnTotal(settings.maxConnections())
                .setMaxConnPerRoute(settings.maxConnections())
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setConnPoolPolicy(PoolReusePolicy.LIFO)
                .setDefaultSocketConfig(socketConfig())
                .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(settings.connectTimeout()))
                                // Servers close connections that nobody used for some seconds; look
                                // before trusting one.
                                .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                                .build())
                .build();
    }

    /// The kernel's probes find out that a server has vanished long before a slow answer's time is
    /// up.
    private static SocketConfig socketConfig() {
        return SocketConfig.custom()
                .setTcpNoDelay(true)
                .setSoKeepAlive(true)
                .setTcpKeepIdle(PROBE_AFTER_SECONDS)
                .setTcpKeepInterval(PROBE_INTERVAL_SECONDS)
                .setTcpKeepCount(LOST_PROBES)
                .build();
    }

    private static CloseableHttpClient client(
            Settings settings, PoolingHttpClientConnectionManager connections) {
        HttpClientBuilder builder =
                HttpClientBuilder.create()
                        .setConnectionManager(connections)
                        .setUserAgent(USER_AGENT)
                        .setRequestExecutor(new IdleTimeout())
                        .setDefaultRequestConfig(requestConfig(settings))
                        .disableAutomaticRetries()
                        .disableRedirectHandling()
                        .disableCookieManagement()
                        .disableAuthCaching()
                        .disableConnectionState()
                        // Inflated by ReplyBody, which bounds the result.
                        .disableContentCompression();
        // Asking the selector costs each call a little, so only where the JVM was told of a proxy.
        if (System.getProperty("http.proxyHost") != null
                || System.getProperty("https.proxyHost") != null) {
            builder.setProxySelector(ProxySelector.getDefault());
        }
        return builder.build();
    }

    private static RequestConfig requestConfig(Settings settings) {
        return RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(settings.connectTimeout()))
                .setConnectionKeepAlive(TimeValue.ofMilliseconds(settings.keepAlive().toMillis()))
                .setRedirectsEnabled(false)
                .setAuthenticationEnabled(false)
                .setProtocolUpgradeEnabled(false)
                // Models think before the first byte; that wait is bounded by the deadline of the
                // call alone.
                .setResponseTimeout(Timeout.DISABLED)
                .build();
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("http-deadlines").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }
}
