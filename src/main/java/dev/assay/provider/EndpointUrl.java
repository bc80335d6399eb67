package dev.assay.provider;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Puts together the address of an endpoint.
public final class EndpointUrl {

    private EndpointUrl() {}

    /// @param base without a slash at its end, a query or a user name, as the topology file's
    ///   reader leaves it
    public static URI of(URI base, String path, Map<String, String> query) {
        String parameters =
                new TreeMap<>(query)
                        .entrySet().stream()
                                .map(
                                        entry ->
                                                encode(entry.getKey())
                                                        + "="
                                                        + encode(entry.getValue()))
                                .collect(Collectors.joining("&"));
        return URI.create(base + path + (parameters.isEmpty() ? "" : "?" + parameters));
    }

    /// A model's name as one segment of a path.
    public static String segment(String name) {
        return encode(name).replace("+", "%20");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
