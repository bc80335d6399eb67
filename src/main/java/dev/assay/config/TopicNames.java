package dev.assay.config;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads names that become names of Kafka topics, or parts of them.
final class TopicNames {

    /// Kafka's own bound on a topic's name.
    private static final int LONGEST_TOPIC = 249;

    /// Leaves room for what internal topics add.
    private static final int LONGEST_PART = 100;

    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]*");

    /// Topics of the pipeline that a tenant's topic may not be.
    private static final Set<String> OWN =
            Set.of(
                    "prompts",
                    "prompts.bulk",
                    "prompts.escalated",
                    "prompts.failed",
                    "answers.graded",
                    "answers.flagged",
                    "scorecards",
                    "feedback",
                    "observations",
                    "predictors",
                    "jobs",
                    "jobs.lines",
                    "jobs.progress",
                    "ledger.requests",
                    "ledger.grants");

    private TopicNames() {}

    /// The name of the application.
    static Optional<String> application(Field field) {
        return field.filled().flatMap(name -> legal(field, name, LONGEST_PART));
    }

    /// What stands before all names; may be empty.
    static Optional<String> prefix(Field field) {
        return field.text().flatMap(prefix -> legal(field, prefix, LONGEST_PART));
    }

    /// The topic of a tenant.
    static Optional<String> tenant(Field field) {
        return field.filled()
                .flatMap(name -> legal(field, name, LONGEST_TOPIC - LONGEST_PART))
                .flatMap(
                        name ->
                                OWN.contains(name)
                                        ? field.reject(
                                                "%s is a topic of the pipeline itself; choose another, such as prompts.acme"
                                                        .formatted(field.quoted()))
                                        : Optional.of(name));
    }

    private static Optional<String> legal(Field field, String name, int longest) {
        if (name.length() > longest) {
            return field.reject("has more than %d characters; shorten it".formatted(longest));
        }
        boolean legal = LEGAL.matcher(name).matches() && !name.equals(".") && !name.equals("..");
        return legal
                ? Optional.of(name)
                : field.reject(
                        field.quoted()
                                + " cannot be part of a topic's name; use letters, digits, . _ and"
                                + " -");
    }
}
