package dev.assay.provider.reply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the body of an error says, in whichever of the usual shapes it comes.
///
/// Known shapes: `{"error": {"code", "type", "param", "message"}}` (OpenAI and most), the same in a
/// list (Gemini), `{"error": "text"}`, the fields at the top (Mistral, vLLM), `{"detail": …}`
/// (FastAPI), `{"errors": [{"message"}]}` (Cloudflare), an error inside the first choice
/// (OpenRouter), or no JSON at all.
///
/// @param words codes and types in lower case, the most telling first
/// @param numericCode a code that is an HTTP status
/// @param param the field of the request it is about
/// @param message the provider's own words
/// @param retryDelay the wait that Google's APIs tell in the body
public record ErrorBody(
        List<String> words,
        OptionalInt numericCode,
        Optional<String> param,
        Optional<String> message,
        Optional<Duration> retryDelay) {

    public static final ErrorBody NONE =
            new ErrorBody(
                    List.of(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern HTML_TITLE =
            Pattern.compile("(?is)<title[^>]*>\\s*(.{1,200}?)\\s*</title>");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)s");
    private static final Set<String> ERRORS_AS_FINISH_REASON =
            Set.of("error", "insufficient_system_resource");
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int FIRST_STATUS = 400;
    private static final int LAST_STATUS = 599;

    /// A larger body is not built up as a tree; its status says enough.
    private static final int LONGEST_JSON_CHARS = 1 << 20;

    /// Patterns are looked for in no more than this, so that no server makes the search long.
    private static final int LONGEST_MESSAGE_CHARS = 4 << 10;

    public ErrorBody {
        words = List.copyOf(words);
        message = message.map(ErrorBody::bounded);
    }

    /// OpenRouter and DeepSeek report some failures of the model as the reason why it finished.
    public static boolean isErrorAsFinishReason(String finishReason) {
        return ERRORS_AS_FINISH_REASON.contains(finishReason);
    }

    public static ErrorBody parse(String body) {
        if (body.isBlank()) {
            return NONE;
        }
        if (body.length() > LONGEST_JSON_CHARS) {
            return ofText(bounded(body));
        }
        try {
            JsonNode root = JSON.readTree(body);
            return of(root.isArray() ? root.path(0) : root);
        } catch (JsonProcessingException e) {
            return ofText(bounded(body));
        }
    }

    /// True where the body is JSON and reports an error.
    public boolean isError() {
        return !words.isEmpty() || numericCode.isPresent();
    }

    private static ErrorBody of(JsonNode root) {
        JsonNode choice = root.path("choices").path(0);
        JsonNode error =
                firstOf(
                        root.path("error"),
                        root.path("errors").path(0),
                        choice.path("error"),
                        root.path("detail"),
                        root);
        if (error.isTextual()) {
            return new ErrorBody(
                    List.of("error"),
                    OptionalInt.empty(),
                    Optional.empty(),
                    Optional.of(error.textValue()),
                    Optional.empty());
        }
        return new ErrorBody(
                words(root, error, choice),
                numericCode(error),
                text(error.path("param")),
                message(error, root),
                retryDelay(error));
    }

    private static ErrorBody ofText(String body) {
        Matcher title = HTML_TITLE.matcher(body);
        boolean html = body.stripLeading().startsWith("<");
        String message =
                title.find()
                        ? "an HTML page, \"" + title.group(1) + "\""
                        : html ? "an HTML page" : body;
        return new ErrorBody(
                List.of(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(message),
                Optional.empty());
    }

    private static List<String> words(JsonNode root, JsonNode error, JsonNode choice) {
        List<String> words = new ArrayList<>();
        addWord(words, error.path("code"));
        addWord(words, error.path("innererror").path("code"));
        for (JsonNode detail : error.path("details")) {
            addWord(words, detail.path("reason"));
        }
        // Anthropic tells a limit on spending from one on the rate only so.
        addWord(words, error.path("details").path("error_code"));
        addWord(words, error.path("type"));
        addWord(words, error.path("status"));
        // AWS names its exceptions so, at times behind a namespace and a #.
        text(error.path("__type"))
                .map(type -> type.substring(type.indexOf('#') + 1).toLowerCase(Locale.ROOT))
                .ifPresent(words::add);
        addWord(words, root.path("type"));
        text(choice.path("finish_reason"))
                .filter(ErrorBody::isErrorAsFinishReason)
                .ifPresent(words::add);
        return words;
    }

    private static void addWord(List<String> words, JsonNode node) {
        text(node).map(word -> word.toLowerCase(Locale.ROOT)).ifPresent(words::add);
    }

    private static OptionalInt numericCode(JsonNode error) {
        int code = error.path("code").asInt(0);
        return code >= FIRST_STATUS && code <= LAST_STATUS
                ? OptionalInt.of(code)
                : OptionalInt.empty();
    }

    private static Optional<String> message(JsonNode error, JsonNode root) {
        return text(error.path("message"))
                .or(() -> text(error.path(0).path("msg")))
                .or(() -> text(error.path("msg")))
                .or(() -> text(root.path("message")));
    }

    private static Optional<Duration> retryDelay(JsonNode error) {
        for (JsonNode detail : error.path("details")) {
            Matcher seconds = SECONDS.matcher(detail.path("retryDelay").asText(""));
            if (seconds.matches()) {
                double nanos = Double.parseDouble(seconds.group(1)) * NANOS_PER_SECOND;
                return Optional.of(Duration.ofNanos((long) nanos));
            }
        }
        return Optional.empty();
    }

    private static JsonNode firstOf(JsonNode... nodes) {
        for (JsonNode node : nodes) {
            if (!node.isMissingNode() && !node.isNull()) {
                return node;
            }
        }
        return MissingNode.getInstance();
    }

    private static String bounded(String text) {
        return text.substring(0, Math.min(text.length(), LONGEST_MESSAGE_CHARS));
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() && !node.textValue().isBlank()
                ? Optional.of(node.textValue())
                : Optional.empty();
    }
}
