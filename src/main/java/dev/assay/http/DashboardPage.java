package dev.assay.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// `/`: how the instance is at one glance, from [OverviewPage]. The page itself holds nothing to
/// hide; it asks for a key where one is needed. It loads nothing from elsewhere.
public final class DashboardPage implements Consumer<RoutesConfig> {

    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    /// Nothing but what this server gives is run, drawn or asked, and nobody frames the page.
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                    + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private record Asset(String resource, String type) {}

    private static final Map<String, Asset> ASSETS =
            Map.of(
                    "/", new Asset("dashboard.html", "text/html; charset=utf-8"),
                    "/assets/dashboard.js", new Asset("dashboard.js", SCRIPT),
                    "/assets/dashboard.css", new Asset("dashboard.css", STYLE),
                    "/assets/uplot.js", new Asset(UPLOT + "uPlot.iife.min.js", SCRIPT),
                    "/assets/uplot.css", new Asset(UPLOT + "uPlot.min.css", STYLE));

    /// What a browser gets before anybody has shown a key.
    static Set<String> paths() {
        return ASSETS.keySet();
    }

    @Override
    public void accept(RoutesConfig routes) {
        ASSETS.forEach(
                (path, asset) -> {
                    byte[] content = content(asset);
                    routes.get(path, context -> answer(context, asset, content));
                });
    }

    private static void answer(Context context, Asset asset, byte[] content) {
        context.header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-cache")
                .contentType(asset.type())
                .result(content);
    }

    private static byte[] content(Asset asset) {
        try (InputStream in = DashboardPage.class.getResourceAsStream(asset.resource())) {
            if (in == null) {
                throw new IllegalStateException("this build lacks " + asset.resource());
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(asset.resource() + " of this build cannot be read", e);
        }
    }
}
