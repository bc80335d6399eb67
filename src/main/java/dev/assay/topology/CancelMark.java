package dev.assay.topology;

import dev.assay.model.PromptState;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The header of a record on the loop topic that cancels the prompt of its key. The loop goes
/// before new prompts, so that a backlog holds no cancellation up.
///
/// @param tenant whose prompt is meant; one of somebody else with the same id goes on
public record CancelMark(Optional<String> tenant) {

    private static final String HEADER = "assay-cancel";

    public void set(Headers headers) {
        headers.add(HEADER, text().getBytes(StandardCharsets.UTF_8));
    }

    static Optional<CancelMark> of(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(read(new String(header.value(), StandardCharsets.UTF_8)));
    }

    /// What comes from outside cancels nothing.
    static void clear(Headers headers) {
        headers.remove(HEADER);
    }

    static CancelMark read(String text) {
        return new CancelMark(Optional.of(text).filter(tenant -> !tenant.isEmpty()));
    }

    /// The tenant; empty for none.
    String text() {
        return tenant.orElse("");
    }

    boolean means(PromptState state) {
        return tenant.equals(state.prompt().labels().tenant());
    }
}
