package dev.assay.topology;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The header of a prompt that is a line of a job, and of its result: whose account it is on, even
/// where it was refused before it was taken apart.
public final class JobMark {

    private static final String HEADER = "assay-job";

    private JobMark() {}

    public static void set(Headers headers, String job) {
        headers.add(HEADER, job.getBytes(StandardCharsets.UTF_8));
    }

    /// Takes the mark of any other job off.
    static void keepOnly(Headers headers, Optional<String> job) {
        if (!job(headers).equals(job)) {
            headers.remove(HEADER);
        }
    }

    /// The job of a prompt or result, if it is of one.
    public static Optional<String> job(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }
}
