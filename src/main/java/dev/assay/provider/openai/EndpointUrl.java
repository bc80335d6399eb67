package dev.assay.provider.openai;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Puts together the address of an endpoint.
final class EndpointUrl {

    private EndpointUrl() {}

    /// The path is appended to that of the base, unless the base ends with it already; queries are
    /// joined; user names are left out.
    static URI of(URI base, String path, Map<String, String> query) {
        String basePath = Objects.requireNonNullElse(base.getRawPath(), "").replaceAll("/+$", "");
        String wholePath = basePath.endsWith(path) ? basePath : basePath + path;
        String wholeQuery =
                Stream.concat(Stream.ofNullable(base.getRawQuery()), encoded(query))
                        .collect(Collectors.joining("&"));
        // Not getHost(), which knows no names with an underscore, as containers often have them.
        String host = base.getRawAuthority().substring(base.getRawAuthority().indexOf('@') + 1);
        return URI.create(
                base.getScheme()
                        + "://"
                        + host
                        + wholePath
                        + (wholeQuery.isEmpty() ? "" : "?" + wholeQuery));
    }

    /// A model's name as one segment of a path.
    static String segment(String name) {
        return encode(name).replace("+", "%20");
    }

    private static Stream<String> encoded(Map<String, String> query) {
        return new TreeMap<>(query)
                .entrySet().stream()
                        .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
