package dev.assay.bulk.job;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which failures stand: the last one of each prompt, unless it has been answered since.
///
/// The pipeline knows that a failure was sent again only for as long as it remembers ids, so what
/// the result topics say counts. For one thread.
final class Unanswered {

    /// Clocks of instances need not agree.
    static final Duration SKEW = Duration.ofMinutes(10);

    private final Map<String, Failure> last = new HashMap<>();

    /// @param wanted whether it is one of those that were asked for
    private record Failure(
            int partition, long offset, int generation, Instant finishedAt, boolean wanted) {

        /// By generation where clocks may differ; not by it alone, since an id that was forgotten
        /// begins with the first again.
        boolean isBefore(int otherGeneration, Instant otherFinishedAt) {
            Instant earliest = generation < otherGeneration ? finishedAt.minus(SKEW) : finishedAt;
            return earliest.isBefore(otherFinishedAt);
        }
    }

    /// A failure as it was read; those of one prompt lie in one partition and come in order.
    void failed(FailedPrompt failed, int partition, long offset, boolean wanted) {
        last.put(
                failed.getId(),
                new Failure(
                        partition, offset, failed.getGeneration(), failed.getFinishedAt(), wanted));
    }

    /// True where an answer to this prompt would matter.
    boolean asks(String id) {
        return last.containsKey(id);
    }

    void answered(GradedAnswer answer) {
        Failure failure = last.get(answer.getId());
        if (failure != null && failure.isBefore(answer.getGeneration(), answer.getFinishedAt())) {
            last.remove(answer.getId());
        }
    }

    /// When the first of those failed that were asked for; empty where there is none.
    Optional<Instant> since() {
        return last.values().stream()
                .filter(Failure::wanted)
                .map(Failure::finishedAt)
                .min(Instant::compareTo);
    }

    /// True where this failure is to be sent again.
    boolean stands(String id, int partition, long offset) {
        Failure failure = last.get(id);
        return failure != null
                && failure.wanted
                && failure.partition == partition
                && failure.offset == offset;
    }
}
