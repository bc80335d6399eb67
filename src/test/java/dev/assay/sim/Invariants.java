package dev.assay.sim;

import dev.assay.avro.CostRecord;
import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.avro.JobRecord;
import dev.assay.avro.VerdictRecord;
import dev.assay.codec.StoreCodec;
import dev.assay.model.CheckPolicy;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What must hold, whatever happens. Three more are looked at where they can break: calls in flight
/// and needless repeats in [CallLog], the deaths of threads in [SimThread].
final class Invariants {

    private static final double ROUNDING_USD = 1e-9;

    private static final String CANCEL = "assay-cancel";

    /// The generation of an id that was cancelled before anything with it came.
    private static final int NEVER_ADMITTED = 0;

    private final World world;
    private final Map<String, Integer> ends = new HashMap<>();
    private final Set<String> expected = new HashSet<>();
    private long jobCounts;
    private final Map<String, Double> sharedUsdByQuestion = new HashMap<>();

    Invariants(World world) {
        this.world = world;
    }

    /// This id must end.
    void expects(String id) {
        expected.add(id);
    }

    /// Whether all has ended and the job has heard of its part of it.
    boolean settled() {
        return ends.size() == expected.size() && jobCounts == world.scenario().jobLines();
    }

    /// A job counts each of its lines once.
    void counted(JobRecord job) {
        jobCounts = job.getGraded() + job.getFlagged() + job.getFailed();
        if (jobCounts > world.scenario().jobLines()) {
            throw new Violation(
                    "a job counts a line once: %d of %d have ended"
                            .formatted(jobCounts, world.scenario().jobLines()));
        }
    }

    /// One outcome per prompt, and none for what never came.
    void ended(String id) {
        if (ends.merge(id, 1, Integer::sum) > 1) {
            throw new Violation("a prompt ends once: " + id + " has ended again");
        }
        if (!expected.contains(id)) {
            throw new Violation("only what came can end: " + id);
        }
    }

    /// A graded answer is an answer that passed: judges scored it, another model said the same, or
    /// nobody was to judge it.
    void graded(GradedAnswer result) {
        answered(result);
        CheckPolicy policy = world.scenario().policy(result.getRoute());
        boolean passed =
                result.getGrade() == null
                        ? !result.getChecked() || agreed(policy, result)
                        : result.getGrade() >= policy.pass();
        if (!passed) {
            throw new Violation(
                    "graded means answered and passed: %s has grade %s of %s"
                            .formatted(result.getId(), result.getGrade(), policy.pass()));
        }
    }

    private static boolean agreed(CheckPolicy policy, GradedAnswer result) {
        List<String> passed =
                result.getVerdicts().stream()
                        .filter(verdict -> verdict.getKind().equals("agreement"))
                        .filter(verdict -> verdict.getState().equals("passed"))
                        .map(VerdictRecord::getBy)
                        .toList();
        return policy.agreement()
                .map(other -> passed.contains(other.model()))
                .orElse(policy.judges().isEmpty());
    }

    /// An answer is there, from one of the models that were tried, and its attempts add up.
    void answered(GradedAnswer result) {
        if (result.getAnswer() == null) {
            throw new Violation("who is graded or flagged has an answer: " + result.getId());
        }
        boolean tried =
                result.getAttempts().stream()
                        .anyMatch(
                                attempt ->
                                        attempt.getModel().equals(result.getModel())
                                                && attempt.getStatus().equals("answered"));
        double usd = result.getAttempts().stream().mapToDouble(a -> a.getCostUsd()).sum();
        int rounds = result.getAttempts().stream().mapToInt(a -> a.getRound()).max().orElse(0);
        if (!tried || result.getRounds() < 1 || rounds > result.getRounds()) {
            throw new Violation("attempts are those of the result: " + result);
        }
        if (usd > result.getCostUsd().getAnswer() + ROUNDING_USD) {
            throw new Violation("attempts cost no more than the whole: " + result);
        }
        paid(result.getId(), result.getCostUsd());
    }

    void failed(FailedPrompt result) {
        paid(result.getId(), result.getCostUsd());
        if (result.getCode().equals("internal_error")) {
            throw new Violation("nothing breaks inside: " + result.getMessage());
        }
        if (result.getCode().equals("over_budget")
                && !world.scenario().mayHaveBudget(result.getId())) {
            throw new Violation("who has no budget is not over it: " + result.getId());
        }
    }

    /// Spend stays within the budget; and where nothing broke, it is what the models have charged.
    private void paid(String id, CostRecord cost) {
        double budgetUsd = world.scenario().budgetUsd(id).orElse(Double.POSITIVE_INFINITY);
        if (cost.getTotal() > budgetUsd + ROUNDING_USD) {
            throw new Violation(
                    "spend stays within the budget: %s cost %f of %f"
                            .formatted(id, cost.getTotal(), budgetUsd));
        }
        double certainUsd = cost.getTotal() - cost.getUncertain();
        if (world.scenario().shares(id)) {
            String asked = world.scenario().asksAs(id);
            double sharedUsd = sharedUsdByQuestion.merge(asked, certainUsd, Double::sum);
            if (sharedUsd > world.calls().chargedUsd(asked) + ROUNDING_USD) {
                throw new Violation("who shares a call pays for it once: " + id);
            }
            return;
        }
        double chargedUsd = world.calls().chargedUsd(id);
        boolean unknown = world.scenario().hedges() || world.scenario().leavesCalls(id);
        double mostUsd = unknown ? mostUsd(id, cost) : certainUsd;
        boolean tooMuch = certainUsd > chargedUsd + ROUNDING_USD;
        boolean tooLittle = !world.fates().disruptedSince(0) && chargedUsd > mostUsd + ROUNDING_USD;
        boolean wrong = tooMuch || tooLittle;
        if (wrong) {
            throw new Violation(
                    "the books agree with the models: %s cost %f, charged were %f"
                            .formatted(id, certainUsd, chargedUsd));
        }
    }

    /// With what calls cost at most whose bill is unknown. Where no budget binds they are reckoned
    /// at what is expected, and may be dearer.
    private double mostUsd(String id, CostRecord cost) {
        return world.scenario().mayHaveBudget(id) ? cost.getTotal() : Double.POSITIVE_INFINITY;
    }

    /// Lanes count the calls there are, no more and no less.
    void slots() {
        for (SimInstance instance : world.instances()) {
            int counted = instance.pipeline().inFlight();
            int live = instance.calls().live();
            if (counted != live) {
                throw new Violation(
                        "lanes count what is in flight: %s counts %d of %d"
                                .formatted(instance.name(), counted, live));
            }
        }
    }

    /// Counts add up: as committed, every id that was admitted is in one place and one only, ended
    /// or under way.
    void places() {
        SimBroker broker = world.broker();
        for (int partition = 0; partition < broker.partitions(); partition++) {
            Map<String, Integer> places = new HashMap<>();
            for (String stage : World.PENDING) {
                broker.changelog(stage, partition)
                        .keySet()
                        .forEach(key -> places.merge(text(key.get()), 1, Integer::sum));
            }
            TopicPartition loop =
                    new TopicPartition(world.scenario().topics().escalated(), partition);
            OffsetAndMetadata read = broker.committed().get(loop);
            for (SimBroker.Entry entry :
                    broker.read(loop, read == null ? 0 : read.offset(), Integer.MAX_VALUE)) {
                if (!isCancellation(entry)) {
                    places.merge(text(entry.record().key()), 1, Integer::sum);
                }
            }
            for (Map.Entry<Bytes, byte[]> seen :
                    broker.changelog(World.SEEN, partition).entrySet()) {
                if (StoreCodec.decodeSeen(seen.getValue()).getGeneration() == NEVER_ADMITTED) {
                    continue;
                }
                String id = text(seen.getKey().get());
                int count = places.getOrDefault(id, 0) + ends.getOrDefault(id, 0);
                if (count != 1) {
                    throw new Violation(
                            "every admitted prompt is in one place: %s is in %d"
                                    .formatted(id, count));
                }
            }
        }
    }

    /// Nothing waits for ever.
    void quiet() {
        if (!settled()) {
            Set<String> waiting = new TreeSet<>(expected);
            waiting.removeAll(ends.keySet());
            throw new Violation(
                    "nothing waits for ever: %s, and the job counts %d of %d"
                            .formatted(waiting, jobCounts, world.scenario().jobLines()));
        }
    }

    private static boolean isCancellation(SimBroker.Entry entry) {
        return entry.record().headers().lastHeader(CANCEL) != null;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
