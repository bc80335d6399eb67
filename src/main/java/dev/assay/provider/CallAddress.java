package dev.assay.provider;

import dev.assay.config.ModelConfig;
import dev.assay.config.Secret;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where a model is called, for error messages: it shows neither keys nor queries nor user names,
/// and takes them out of what a provider says.
///
/// @param model the model's name in the topology file
/// @param url scheme, host, port and path
/// @param secrets what must not be repeated
public record CallAddress(String model, String url, List<Secret> secrets) {

    /// Shorter values are no secrets, and taking them out would garble the message.
    private static final int SHORTEST_SECRET_CHARS = 8;

    private static final int LONGEST_QUOTE_CHARS = 300;
    private static final String HIDDEN = "***";

    /// Keys by their look, for providers that repeat a part of one.
    private static final Pattern KEY =
            Pattern.compile(
                    "(?i)\\b(?:sk|gsk|pk|rk|xai|hf)[-_][\\w*.-]{6,}|\\bAIza[\\w-]{10,}|\\bbearer\\s+\\S+");

    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Cntrl}]+");

    public CallAddress {
        secrets = List.copyOf(secrets);
    }

    /// The address of a model.
    ///
    /// @param uri the address that is called
    public static CallAddress of(ModelConfig model, URI uri) {
        String host = uri.getRawAuthority().substring(uri.getRawAuthority().indexOf('@') + 1);
        String url = uri.getScheme() + "://" + host + uri.getRawPath();
        Collection<String> headers = model.headers().values();
        Collection<String> query = model.query().values();
        List<Secret> secrets =
                Stream.concat(
                                model.apiKey().stream(),
                                Stream.concat(headers.stream(), query.stream()).map(Secret::new))
                        .filter(secret -> secret.value().length() >= SHORTEST_SECRET_CHARS)
                        .toList();
        return new CallAddress(model.name(), url, secrets);
    }

    /// As it begins a message: the model and its address.
    public String shown() {
        return "model \"" + model + "\" at " + url;
    }

    /// A provider's words, fit for a message: one line, bounded, without keys.
    public String quote(String words) {
        String line = SPACES.matcher(words).replaceAll(" ").strip();
        for (Secret secret : secrets) {
            line = line.replace(secret.value(), HIDDEN);
        }
        line = KEY.matcher(line).replaceAll(HIDDEN);
        return line.length() <= LONGEST_QUOTE_CHARS
                ? line
                : line.substring(0, LONGEST_QUOTE_CHARS - 1) + "…";
    }
}
