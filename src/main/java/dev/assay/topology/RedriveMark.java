package dev.assay.topology;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// The header of a prompt that is sent again after it failed: `TOPIC-PARTITION-OFFSET` of the
/// record that says so.
public final class RedriveMark {

    private static final String HEADER = "assay-redrive";

    private RedriveMark() {}

    public static void set(Headers headers, String topic, int partition, long offset) {
        headers.remove(HEADER);
        headers.add(
                HEADER, (topic + "-" + partition + "-" + offset).getBytes(StandardCharsets.UTF_8));
    }

    /// The offset of the failed record, where a prompt is sent again; anything else in the header
    /// is none.
    static OptionalLong offset(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        if (header == null || header.value() == null) {
            return OptionalLong.empty();
        }
        String text = new String(header.value(), StandardCharsets.UTF_8);
        try {
            return OptionalLong.of(Long.parseLong(text.substring(text.lastIndexOf('-') + 1)));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
