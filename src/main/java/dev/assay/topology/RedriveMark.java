package dev.assay.topology;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// The headers of a prompt that is sent again after it failed: `TOPIC-PARTITION-OFFSET` of the
/// record that says so, and its generation.
public final class RedriveMark {

    private static final String HEADER = "assay-redrive";
    private static final String GENERATION = "assay-redrive-generation";

    private RedriveMark() {}

    /// @param generation of the failure
    public static void set(
            Headers headers, String topic, int partition, long offset, int generation) {
        replace(headers, HEADER, topic + "-" + partition + "-" + offset);
        replace(headers, GENERATION, Integer.toString(generation));
    }

    private static void replace(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /// The offset of the failed record, where a prompt is sent again; anything else in the header
    /// is none.
    static OptionalLong offset(Headers headers) {
        return number(headers, HEADER);
    }

    /// The generation of the failed record; 1 where the header does not say.
    static int generation(Headers headers) {
        long generation = number(headers, GENERATION).orElse(1);
        return generation > 0 && generation < Integer.MAX_VALUE ? (int) generation : 1;
    }

    /// The number after the last `-` of a header, where there is one.
    private static OptionalLong number(Headers headers, String name) {
        Header header = headers.lastHeader(name);
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
