package dev.assay.bulk;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// Headers that tell whose prompt a record is. Results bear the job and line of their prompt as
/// fields, too, but not those of a prompt that was refused before it was taken apart.
final class RunMarks {

    private static final String RUN = "assay-run";
    private static final String LINE = "assay-line";

    private RunMarks() {}

    static void set(Headers headers, String run, long line) {
        headers.add(RUN, run.getBytes(StandardCharsets.UTF_8));
        headers.add(LINE, Long.toString(line).getBytes(StandardCharsets.UTF_8));
    }

    /// The line of this run's input that a record belongs to; empty where it is not of this run.
    static OptionalLong line(Headers headers, String run) {
        return run.equals(text(headers, RUN))
                ? OptionalLong.of(Long.parseLong(text(headers, LINE)))
                : OptionalLong.empty();
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
