package dev.assay.bulk.job;

import dev.assay.bulk.InputException;
import dev.assay.bulk.LineOrder;
import dev.assay.bulk.ResultReader;
import dev.assay.bulk.ResultRow;
import dev.assay.bulk.ResultsFile;
import dev.assay.decide.job.Job;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Collects the results of a job in a file, one line for each line of its input.
///
/// They are read from the result topics, from the moment the job was submitted; a file that an
/// earlier collector has begun is gone on with. The answer to a line that had failed and was sent
/// again takes the place of the failure, in whichever order the two are read.
public final class JobResults {

    private static final Duration POLL = Duration.ofMillis(200);

    /// Clocks of submitter and broker need not agree.
    private static final Duration SKEW = Duration.ofMinutes(10);

    private static final String NO_GROUP = "assay-results-reader";

    private final JobClients clients;

    public JobResults(JobClients clients) {
        this.clients = clients;
    }

    /// What there is to say of a collection.
    ///
    /// @param job as it stood last
    /// @param rows in the file
    /// @param complete every line of the input has its row
    /// @param failed rows of prompts that failed
    public record Collected(Job job, long rows, boolean complete, long failed) {

        /// Rows that never come: the job has ended, and its topics do not hold them any more.
        public long missing() {
            return job.state().ended() && !complete ? job.lines().orElse(rows) - rows : 0;
        }
    }

    /// Is told how far it is, now and then.
    public interface Progress {
        void collected(Job job, long rows);
    }

    /// Collects until every line has its row, or what there is was read.
    ///
    /// @param catalog where the job stands
    /// @param follows to wait for what is not there yet
    /// @param stopped to end early
    /// @param progress is told how many rows there are, now and then
    /// @throws InputException if the file holds something else than results of this job
    public Collected collect(
            Job job,
            JobCatalog catalog,
            Path file,
            boolean follows,
            BooleanSupplier stopped,
            Progress progress)
            throws InputException, IOException {
        Tally tally = new Tally(job.spec().id());
        Collected collected = read(job, catalog, file, follows, stopped, progress, tally);
        if (tally.superseded) {
            LineOrder.apply(file);
        }
        return collected;
    }

    private Collected read(
            Job job,
            JobCatalog catalog,
            Path file,
            boolean follows,
            BooleanSupplier stopped,
            Progress progress,
            Tally tally)
            throws InputException, IOException {
        try (Consumer<byte[], byte[]> consumer = clients.consumer(NO_GROUP);
                ResultsFile results = ResultsFile.open(file, tally::add)) {
            if (tally.foreign > 0) {
                throw new InputException(
                        "%s holds results of something else than job %s; choose another file with -o"
                                .formatted(file, job.spec().id()));
            }
            begin(consumer, job);
            ResultReader reader =
                    new ResultReader(clients.serdes(), clients.topics(), job.spec().id());
            Job now = job;
            while (!stopped.getAsBoolean() && !complete(now, results, tally)) {
                boolean caughtUp = poll(consumer, reader, results, tally);
                progress.collected(now, results.count());
                if (caughtUp) {
                    now = catalog.find(job.spec().id()).orElse(now);
                    if (now.state().ended()) {
                        // Its last result was written before it ended.
                        readToEnd(consumer, reader, results, tally);
                        break;
                    }
                    if (!follows && !complete(now, results, tally)) {
                        poll(consumer, reader, results, tally);
                        break;
                    }
                }
            }
            results.flush();
            return new Collected(
                    now, results.count(), complete(now, results, tally), tally.failed());
        }
    }

    /// Every line has its row, and no failure stands where the job counts an answer by now.
    private static boolean complete(Job job, ResultsFile results, Tally tally) {
        return job.lines().isPresent()
                && results.count() >= job.lines().getAsLong()
                && tally.failed() <= job.failed();
    }

    private static void readToEnd(
            Consumer<byte[], byte[]> consumer,
            ResultReader reader,
            ResultsFile results,
            Tally tally)
            throws IOException {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            var _ = poll(consumer, reader, results, tally);
        }
    }

    /// @return true where nothing more is there at present
    private static boolean poll(
            Consumer<byte[], byte[]> consumer,
            ResultReader reader,
            ResultsFile results,
            Tally tally)
            throws IOException {
        boolean nothing = true;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            nothing = false;
            Optional<ResultRow> row = reader.row(record);
            if (row.isEmpty()) {
                continue;
            }
            if (results.append(row.get())) {
                tally.add(row.get());
            } else if (tally.outdoes(row.get())) {
                results.supersede(row.get());
                tally.add(row.get());
            }
        }
        results.flush();
        return nothing;
    }

    private void begin(Consumer<?, ?> consumer, Job job) {
        List<TopicPartition> partitions =
                clients.topics().results().stream()
                        .flatMap(topic -> consumer.partitionsFor(topic).stream())
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        ResultPositions.seek(consumer, partitions, job.spec().createdAt().minus(SKEW));
    }

    /// What the rows of the file are.
    private static final class Tally {
        private final String prefix;
        private final BitSet failures = new BitSet();
        private boolean superseded;
        private long foreign;

        Tally(String job) {
            this.prefix = job + "/";
        }

        void add(ResultRow row) {
            if (!row.id().startsWith(prefix)) {
                foreign++;
            }
            int line = Math.toIntExact(row.line());
            superseded |= outdoes(row);
            failures.set(line, row.outcome() == ResultRow.Outcome.FAILED);
        }

        /// It is an answer, and the row so far a failure.
        boolean outdoes(ResultRow row) {
            return row.outcome() != ResultRow.Outcome.FAILED
                    && failures.get(Math.toIntExact(row.line()));
        }

        long failed() {
            return failures.cardinality();
        }
    }
}
