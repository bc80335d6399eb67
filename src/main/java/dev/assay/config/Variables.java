package dev.assay.config;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Puts variables of the environment into texts: `${NAME}`, and `${NAME:-default}` where the
/// default stands in for a variable that is unset or empty. `$${` is a plain `${`.
final class Variables {

    private static final Pattern REFERENCE =
            Pattern.compile(
                    "\\$\\$\\{|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<fallback>[^{}]*))?}|\\$\\{");

    private final Map<String, String> environment;

    Variables(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /// The text with all variables put in. What is put in is not searched for variables again.
    ///
    /// @param problem told what is wrong, once for each variable; then the result is empty
    Optional<String> substitute(String text, Consumer<String> problem) {
        Matcher reference = REFERENCE.matcher(text);
        StringBuilder substituted = new StringBuilder();
        boolean complete = true;
        while (reference.find()) {
            Optional<String> value = valueOf(reference, problem);
            complete &= value.isPresent();
            reference.appendReplacement(substituted, Matcher.quoteReplacement(value.orElse("")));
        }
        reference.appendTail(substituted);
        return complete ? Optional.of(substituted.toString()) : Optional.empty();
    }

    private Optional<String> valueOf(Matcher reference, Consumer<String> problem) {
        if (reference.group().equals("$${")) {
            return Optional.of("${");
        }
        String name = reference.group("name");
        if (name == null) {
            problem.accept(
                    "has a ${ that begins no variable; write ${NAME} or ${NAME:-default}, or $${"
                            + " for a plain ${");
            return Optional.empty();
        }
        Optional<String> set = Optional.ofNullable(environment.get(name));
        Optional<String> fallback = Optional.ofNullable(reference.group("fallback"));
        Optional<String> value =
                fallback.isPresent() ? set.filter(v -> !v.isEmpty()).or(() -> fallback) : set;
        if (value.isEmpty()) {
            problem.accept(
                    "the environment variable %s is not set; set it, or write ${%s:-default}"
                            .formatted(name, name));
        }
        return value;
    }
}
