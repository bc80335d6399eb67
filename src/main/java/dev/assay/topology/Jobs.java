package dev.assay.topology;

import dev.assay.decide.job.Job;
import dev.assay.decide.job.Stop;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The bulk jobs this instance knows of: all of them as they were published, and those whose task
/// it has as they are. Safe for any thread.
public final class Jobs {

    private final Map<String, Job> known = new ConcurrentHashMap<>();
    private final Map<String, Job> owned = new ConcurrentHashMap<>();
    private final Map<String, Stop> stopping = new ConcurrentHashMap<>();

    /// All jobs, the newest first.
    public List<Job> all() {
        return known.values().stream()
                .sorted(Comparator.comparing((Job job) -> job.spec().createdAt()).reversed())
                .toList();
    }

    public Optional<Job> find(String id) {
        return Optional.ofNullable(known.get(id));
    }

    /// How many jobs have lines that are still to be released.
    public int releasing() {
        return (int)
                known.values().stream()
                        .filter(job -> job.state() == Job.State.IN_PROGRESS)
                        .filter(job -> job.unreleased() > 0)
                        .count();
    }

    /// The jobs whose task is here, the oldest first.
    public List<Job> owned() {
        return owned.values().stream()
                .sorted(Comparator.comparing(job -> job.spec().createdAt()))
                .toList();
    }

    /// A job whose task is here, as it is now.
    public Optional<Job> owned(String id) {
        return Optional.ofNullable(owned.get(id));
    }

    /// A job was published.
    void published(Job job) {
        String id = job.spec().id();
        known.put(id, job);
        if (job.stop().isPresent() && !job.state().ended()) {
            stopping.put(id, job.stop().get());
        } else {
            stopping.remove(id);
        }
    }

    /// A job is no longer remembered.
    void forgotten(String id) {
        known.remove(id);
        stopping.remove(id);
    }

    void owns(Job job) {
        owned.put(job.spec().id(), job);
    }

    void disowns(Set<String> ids) {
        owned.keySet().removeAll(new HashSet<>(ids));
    }

    /// Why nothing more of a job is to be begun, if that is so.
    Optional<Stop> stop(String job) {
        return stopping.isEmpty() ? Optional.empty() : Optional.ofNullable(stopping.get(job));
    }

    /// True while nothing more of some job is to be begun.
    boolean anyStops() {
        return !stopping.isEmpty();
    }
}
