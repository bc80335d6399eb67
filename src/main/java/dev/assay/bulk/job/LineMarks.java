package dev.assay.bulk.job;

import dev.assay.model.Failure;
import dev.assay.model.FailureCode;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// Headers of a line on the topic of lines.
final class LineMarks {

    private static final String CODE = "assay-failure-code";
    private static final String MESSAGE = "assay-failure";
    private static final String TENANT = "assay-tenant";
    private static final String TOPIC = "assay-topic";
    private static final String PRIORITY = "assay-priority";
    private static final String INTERACTIVE = "interactive";

    private LineMarks() {}

    /// The line is no prompt, for this reason.
    static void setFailure(Headers headers, Failure failure) {
        add(headers, CODE, failure.code().code());
        add(headers, MESSAGE, failure.message());
    }

    static Optional<Failure> failure(Headers headers) {
        return text(headers, CODE)
                .map(
                        code ->
                                new Failure(
                                        FailureCode.valueOf(code.toUpperCase(Locale.ROOT)),
                                        text(headers, MESSAGE).orElse("")));
    }

    static void setTenant(Headers headers, String tenant) {
        add(headers, TENANT, tenant);
    }

    /// The line does not wait behind live prompts.
    static void setInteractive(Headers headers) {
        add(headers, PRIORITY, INTERACTIVE);
    }

    static boolean isInteractive(Headers headers) {
        return text(headers, PRIORITY).filter(INTERACTIVE::equals).isPresent();
    }

    /// Where the line would have gone, for whoever sends it again.
    static void setTopic(Headers headers, String topic) {
        add(headers, TOPIC, topic);
    }

    static Optional<String> topic(Headers headers) {
        return text(headers, TOPIC);
    }

    static Optional<String> tenant(Headers headers) {
        return text(headers, TENANT);
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }
}
