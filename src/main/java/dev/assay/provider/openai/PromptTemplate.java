package dev.assay.provider.openai;

import dev.assay.provider.ChatText.Message;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Turns messages into the one text that the completions protocol takes.
///
/// A template is text with placeholders: `{transcript}` is every message as `Role: text` and an
/// empty line, `{prompt}` the text of the last user message alone, `{system}` the system messages,
/// which `{transcript}` then leaves out. What is put in is not searched for placeholders again.
final class PromptTemplate {

    /// Used where the model has no `prompt_template`.
    static final String DEFAULT = "{transcript}Assistant:";

    /// Where a model that was given a transcript goes on to invent the user's next turn, it is
    /// stopped.
    static final String STOP_AFTER_TRANSCRIPT = "[\"\\nUser:\"]";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(transcript|prompt|system)}");

    private final String template;
    private final boolean hasSystem;

    PromptTemplate(String template) {
        this.template = template;
        this.hasSystem = template.contains("{system}");
    }

    boolean hasTranscript() {
        return template.contains("{transcript}");
    }

    String render(List<Message> messages) {
        return PLACEHOLDER
                .matcher(template)
                .replaceAll(found -> Matcher.quoteReplacement(value(found, messages)));
    }

    private String value(MatchResult placeholder, List<Message> messages) {
        return switch (placeholder.group(1)) {
            case "transcript" -> transcript(messages);
            case "system" -> system(messages);
            default -> prompt(messages);
        };
    }

    private String transcript(List<Message> messages) {
        Predicate<Message> shown = message -> !(hasSystem && isSystem(message));
        return messages.stream()
                .filter(shown)
                .map(message -> label(message) + ": " + message.text() + "\n\n")
                .collect(Collectors.joining());
    }

    private static String system(List<Message> messages) {
        return messages.stream()
                .filter(PromptTemplate::isSystem)
                .map(Message::text)
                .collect(Collectors.joining("\n"));
    }

    private static String prompt(List<Message> messages) {
        List<Message> users = new ArrayList<>(messages);
        users.removeIf(message -> !message.role().equals("user"));
        return users.isEmpty() ? "" : users.getLast().text();
    }

    /// `developer` is what OpenAI calls the system role for its newer models.
    private static boolean isSystem(Message message) {
        return message.role().equals("system") || message.role().equals("developer");
    }

    private static String label(Message message) {
        if (isSystem(message)) {
            return "System";
        }
        String role = message.role();
        return role.isEmpty()
                ? "User"
                : role.substring(0, 1).toUpperCase(Locale.ROOT) + role.substring(1);
    }
}
