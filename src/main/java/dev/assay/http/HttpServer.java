package dev.assay.http;

import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;

import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The HTTP server of an instance. Requests run on virtual threads.
public final class HttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /// Whatever asks them knows neither keys nor names.
    private static final Set<String> PROBES = Set.of("/healthz", "/readyz");

    /// Probes carry no keys, and a browser none before its page asks for one.
    private static final Set<String> OPEN_PATHS =
            Stream.concat(PROBES.stream(), DashboardPage.paths().stream())
                    .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");

    /// Of bodies that are read into memory; more than any record holds.
    public static final long MOST_BODY_BYTES = 64L * 1024 * 1024;

    private static final int UNAUTHORIZED = 401;
    private static final int INTERNAL_ERROR = 500;

    private final Javalin server;
    private final String host;

    private HttpServer(Javalin server, String host) {
        this.server = server;
        this.host = host;
    }

    /// @param port 0 takes a free one
    /// @param pages each adds its routes
    /// @throws HttpServerException if it cannot listen there, or would do so without keys
    public static HttpServer start(
            String host, int port, ApiKeys keys, List<Consumer<RoutesConfig>> pages) {
        if (keys.none() && !LOOPBACK.contains(host)) {
            throw new HttpServerException(
                    "listening on %s lets other machines in, and nobody would need a key; set %s (keys, separated by commas), or leave out --http-host"
                            .formatted(host, ApiKeys.VARIABLE));
        }
        Javalin javalin =
                Javalin.create(
                        config -> {
                            config.startup.showJavalinBanner = false;
                            config.startup.showOldJavalinVersionWarning = false;
                            config.startup.startupWatcherEnabled = false;
                            config.concurrency.useVirtualThreads = true;
                            config.http.maxRequestSize = MOST_BODY_BYTES;
                            config.jetty.modifyServer(
                                    server -> {
                                        server.setErrorHandler(new JettyErrors());
                                        server.setHandler(new SlowBodies());
                                    });
                            config.routes.before(context -> admit(context, keys));
                            pages.forEach(page -> page.accept(config.routes));
                            config.routes.exception(
                                    ApiError.class, (error, context) -> error(context, error));
                            config.routes.exception(
                                    HttpResponseException.class,
                                    (refused, context) ->
                                            error(
                                                    context,
                                                    new ApiError(
                                                            refused.getStatus(),
                                                            String.valueOf(refused.getMessage()))));
                            config.routes.exception(
                                    Exception.class,
                                    (broken, context) -> {
                                        LOG.error(
                                                "{} failed in our own code",
                                                context.path(),
                                                broken);
                                        error(
                                                context,
                                                new ApiError(
                                                        INTERNAL_ERROR,
                                                        "it failed inside; the log has more"));
                                    });
                        });
        try {
            javalin.start(host, port);
        } catch (JavalinBindException e) {
            throw new HttpServerException(
                    "cannot listen on %s:%d: %s; free it, or name another with --http-port"
                            .formatted(host, port, reason(e)),
                    e);
        }
        return new HttpServer(javalin, host);
    }

    public int port() {
        return server.port();
    }

    /// Where other machines reach it.
    public HostInfo address() {
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        return new HostInfo(everywhere ? ownName() : host, port());
    }

    private static String ownName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }

    /// Where it listens.
    public String url() {
        return "http://" + host + ":" + port();
    }

    @Override
    public void close() {
        server.stop();
    }

    private static void admit(Context context, ApiKeys keys) {
        if (!keys.none()) {
            requireKey(context, keys);
        } else if (!PROBES.contains(context.path())) {
            LocalRequests.refusal(context).ifPresent(why -> refuse(context, why));
        }
    }

    private static void requireKey(Context context, ApiKeys keys) {
        if (OPEN_PATHS.contains(context.path())) {
            return;
        }
        String shown = Optional.ofNullable(context.header("Authorization")).orElse("");
        Optional<Caller> caller = keys.admit(shown);
        caller.ifPresent(known -> known.calls(context));
        if (caller.isEmpty()) {
            context.header("WWW-Authenticate", "Bearer");
            ApiError wrongKey =
                    new ApiError(
                            UNAUTHORIZED,
                            shown.isEmpty()
                                    ? "show a key: Authorization: Bearer KEY"
                                    : "Incorrect API key provided",
                            Optional.of("invalid_api_key"));
            refuse(context, wrongKey);
        }
    }

    private static void refuse(Context context, ApiError error) {
        error(context, error);
        context.skipRemainingHandlers();
    }

    private static void error(Context context, ApiError error) {
        context.status(error.status()).contentType("application/json").result(ErrorJson.of(error));
    }

    private static String reason(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
