package dev.assay.sim;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.codec.RegistrySerdes;

import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One run: everything there is between the events that come in and the results that come out.
final class World {

    static final String SEEN = "sim-seen-changelog";
    static final List<String> PENDING =
            List.of("sim-answer-pending-changelog", "sim-check-pending-changelog");

    /// Long after the last trouble: retries, pauses of lanes and models out of service are over.
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    /// Whatever would end twice does so within this.
    private static final Duration AFTERMATH = Duration.ofSeconds(3);

    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_INSTANCES = 4;

    private final Scheduler scheduler = new Scheduler();
    private final Trace trace;
    private final List<SimInstance> instances = new ArrayList<>();
    private final Invariants invariants = new Invariants(this);
    private final RegistrySerdes serdes;
    private final Bug bug;
    private final Scenario scenario;
    private final Fates fates;
    private final Weather weather;
    private final SimBroker broker;
    private final SimGroup group;
    private final DayBills bills;
    private final CallLog calls;
    private int born;
    private int arriving;
    private boolean placesMayHaveChanged;

    World(long seed, RegistrySerdes serdes, Bug bug) {
        this.serdes = serdes;
        this.bug = bug;
        this.trace = new Trace(scheduler, bug != Bug.NONE);
        this.scenario = new Scenario(seed);
        this.fates = new Fates(seed, scheduler);
        this.weather = new Weather(seed, scheduler, scenario);
        this.broker = new SimBroker(scenario.partitions(), this::appended, bug);
        this.group = new SimGroup(scheduler, fates, trace);
        this.bills = new DayBills(scenario, broker);
        this.calls = new CallLog(trace, scheduler, fates, scenario, bills);
    }

    /// Runs until everything has ended.
    ///
    /// @throws Violation if it does not, or an invariant breaks on the way
    void run() {
        begin();
        long lastNanos = PATIENCE.plus(fates.trouble()).plus(weather.fairFrom()).toNanos();
        while (!(invariants.settled() && fates.over() && arrived())
                && scheduler.nowNanos() < lastNanos) {
            step();
        }
        invariants.quiet();
        long endNanos = scheduler.nowNanos() + AFTERMATH.toNanos();
        while (scheduler.nowNanos() < endNanos || inTheAir()) {
            step();
        }
        bills.agree();
        instances.forEach(SimInstance::crash);
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Trace trace() {
        return trace;
    }

    Bug bug() {
        return bug;
    }

    Scenario scenario() {
        return scenario;
    }

    Fates fates() {
        return fates;
    }

    Weather weather() {
        return weather;
    }

    SimBroker broker() {
        return broker;
    }

    SimGroup group() {
        return group;
    }

    CallLog calls() {
        return calls;
    }

    List<SimInstance> instances() {
        return instances;
    }

    /// kill -9. The group learns of it when the instance is back under its name, or when its
    /// session times out.
    void crashed(SimInstance instance) {
        fates.disrupted();
        List<SimThread> threads = instance.threads();
        instance.crash();
        instances.remove(instance);
        Duration back = fates.duration(Duration.ofMillis(100), Duration.ofSeconds(15));
        Duration noticed = back.compareTo(SESSION_TIMEOUT) < 0 ? back : SESSION_TIMEOUT;
        scheduler.after(noticed, () -> threads.forEach(group::leave));
        scheduler.after(back, this::start);
    }

    /// An instance has shut down in order.
    void left(SimInstance instance) {
        instances.remove(instance);
        trace.add(instance.name() + " has left");
    }

    /// Something was committed.
    void committed() {
        placesMayHaveChanged = true;
    }

    private void begin() {
        for (Scenario.Arrival arrival : scenario.arrivals(serdes)) {
            arriving++;
            scheduler.after(
                    arrival.at(),
                    () -> {
                        arriving--;
                        if (arrival.ends()) {
                            invariants.expects(
                                    arrival.id().orElse(broker.coordinates(arrival.record())));
                        }
                        broker.append(arrival.record());
                    });
        }
        for (int instance = 1 + fates.below(3); instance > 0; instance--) {
            start();
        }
        if (fates.jumps()) {
            scheduler.after(fates.duration(Duration.ZERO, fates.trouble()), this::jump);
        }
        if (fates.moves()) {
            scheduler.after(fates.duration(Duration.ZERO, fates.trouble()), this::move);
        }
    }

    private boolean arrived() {
        return arriving == 0;
    }

    private void step() {
        if (!scheduler.step()) {
            throw new Violation("something always goes on, if only a poll");
        }
        instances.forEach(instance -> instance.calls().goOn());
        calls.violation()
                .ifPresent(
                        violation -> {
                            throw violation;
                        });
        invariants.slots();
        if (placesMayHaveChanged) {
            placesMayHaveChanged = false;
            invariants.places();
        }
    }

    private void start() {
        String name = "instance-" + born++;
        trace.add(name + " starts");
        instances.add(new SimInstance(name, freeHome(), this, serdes, 1 + fates.below(2)));
    }

    /// A state folder that no process is on.
    private String freeHome() {
        int home = 0;
        while (isTaken("home-" + home)) {
            home++;
        }
        return "home-" + home;
    }

    private boolean isTaken(String home) {
        return instances.stream().anyMatch(instance -> instance.home().equals(home));
    }

    private void jump() {
        if (fates.over()) {
            return;
        }
        if (!instances.isEmpty()) {
            SimInstance instance = instances.get(fates.below(instances.size()));
            Duration by =
                    fates.flip()
                            ? fates.duration(Duration.ZERO, Duration.ofHours(2))
                            : fates.duration(Duration.ofSeconds(-30), Duration.ZERO);
            instance.clock().jump(by);
            trace.add("the clock of " + instance.name() + " jumps by " + by);
        }
        scheduler.after(fates.duration(Duration.ZERO, Duration.ofSeconds(60)), this::jump);
    }

    /// An instance comes, or one leaves in order.
    private void move() {
        if (fates.over()) {
            return;
        }
        List<SimInstance> staying =
                instances.stream().filter(instance -> !instance.closing()).toList();
        if (staying.size() > 1 && fates.flip()) {
            staying.get(fates.below(staying.size())).close();
        } else if (instances.size() < MOST_INSTANCES) {
            start();
        }
        scheduler.after(fates.duration(Duration.ZERO, Duration.ofSeconds(30)), this::move);
    }

    private boolean inTheAir() {
        return instances.stream().anyMatch(instance -> instance.calls().live() > 0);
    }

    private void appended(TopicPartition partition, SimBroker.Entry entry) {
        String topic = partition.topic();
        if (topic.equals(scenario.topics().jobs())) {
            invariants.counted(
                    serdes.job().deserializer().deserialize(topic, entry.record().value()));
        }
        if (!scenario.topics().results().contains(topic)) {
            return;
        }
        trace.add(
                "%s #%d %d"
                        .formatted(
                                partition,
                                entry.offset(),
                                Arrays.hashCode(entry.record().value())));
        if (topic.equals(scenario.topics().failed())) {
            FailedPrompt failed =
                    serdes.failedPrompt().deserializer().deserialize(topic, entry.record().value());
            invariants.ended(failed.getId());
            invariants.failed(failed);
            return;
        }
        GradedAnswer answer =
                serdes.gradedAnswer().deserializer().deserialize(topic, entry.record().value());
        invariants.ended(answer.getId());
        if (topic.equals(scenario.topics().graded())) {
            invariants.graded(answer);
        } else {
            invariants.answered(answer);
        }
    }
}
