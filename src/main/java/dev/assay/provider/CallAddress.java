package dev.assay.provider;

import dev.assay.config.ModelConfig;
import dev.assay.config.Secret;

import java.net.URI;
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

    /// So much of the same is a repetition; shorter ones are the names of fields and the like.
    private static final int REPEATED_CHARS = 24;

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
        String url = uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
        // Of a scheme and a key, as in `Bearer KEY`, the key.
        Stream<String> headers =
                model.headers().values().stream()
                        .map(value -> value.substring(value.indexOf(' ') + 1));
        Stream<String> query = model.query().values().stream();
        List<Secret> secrets =
                Stream.concat(
                                model.apiKey().stream(),
                                Stream.concat(headers, query).map(Secret::new))
                        .filter(secret -> secret.value().length() >= SHORTEST_SECRET_CHARS)
                        .toList();
        return new CallAddress(model.name(), url, secrets);
    }

    /// As it begins a message: the model and its address.
    public String shown() {
        return "model \"" + model + "\" at " + url;
    }

    /// A provider's words, fit for a message: one line, bounded, without keys, and ended where they
    /// begin to repeat the request.
    ///
    /// @param chatJson the request
    public String quote(String words, String chatJson) {
        String line = SPACES.matcher(words).replaceAll(" ").strip();
        for (Secret secret : secrets) {
            line = line.replace(secret.value(), HIDDEN);
        }
        line = KEY.matcher(line).replaceAll(HIDDEN);
        int end = repetition(line, chatJson);
        return line.length() <= end ? line : line.substring(0, end) + "…";
    }

    /// Where the line begins to repeat the request, or is long enough. Looked for at every half of
    /// a repetition, as servers may send long lines and prompts be long.
    private static int repetition(String line, String chatJson) {
        int most = LONGEST_QUOTE_CHARS - 1;
        int last = Math.min(line.length() - REPEATED_CHARS, most);
        for (int i = 0; i <= last; i += REPEATED_CHARS / 2) {
            if (repeats(line, i, chatJson)) {
                int begin = i;
                while (begin > 0 && repeats(line, begin - 1, chatJson)) {
                    begin--;
                }
                return begin;
            }
        }
        return most;
    }

    private static boolean repeats(String line, int begin, String chatJson) {
        return chatJson.contains(line.substring(begin, begin + REPEATED_CHARS));
    }
}
