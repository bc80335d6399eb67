package dev.assay.topology;

import dev.assay.decide.budget.Account;
import dev.assay.decide.budget.Book;
import dev.assay.decide.budget.BudgetScope;
import dev.assay.decide.budget.NanoUsd;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/// The budgets of the day as this instance has them: the purses of its tasks, and as metrics the
/// books that its ledger keeps. Safe for any thread; a task's purses are its stream thread's.
final class Budgets {

    /// @param limitNanoUsd of the day; empty where there is no limit any more
    private record Reading(Account account, Book book, OptionalLong limitNanoUsd) {}

    private final MeterRegistry meters;
    private final Map<Integer, Purses> purses = new ConcurrentHashMap<>();
    private final Map<BudgetScope, Reading> books = new ConcurrentHashMap<>();
    private final Map<BudgetScope, List<Meter>> gauges = new ConcurrentHashMap<>();

    Budgets(MeterRegistry meters) {
        this.meters = meters;
    }

    /// A task opens with empty purses.
    ///
    /// @param incarnation tells it from all former owners of the partition
    Purses open(int partition, long incarnation) {
        Purses empty = new Purses(partition, incarnation);
        purses.put(partition, empty);
        return empty;
    }

    void close(int partition) {
        purses.remove(partition);
    }

    /// The purses of a task that is open.
    Purses of(int partition) {
        return Objects.requireNonNull(purses.get(partition), "no purses are open");
    }

    /// The ledger here has entered something; the newest day of a scope is shown.
    void keeps(Account account, Book book, OptionalLong limitNanoUsd) {
        Reading reading = new Reading(account, book, limitNanoUsd);
        books.merge(
                account.scope(),
                reading,
                (before, after) ->
                        after.account().day().isBefore(before.account().day()) ? before : after);
        gauges.computeIfAbsent(account.scope(), this::register);
    }

    /// The ledger of these scopes is elsewhere now.
    void forgets(Set<BudgetScope> scopes) {
        for (BudgetScope scope : scopes) {
            books.remove(scope);
            List<Meter> shown = gauges.remove(scope);
            if (shown != null) {
                shown.forEach(meters::remove);
            }
        }
    }

    private List<Meter> register(BudgetScope scope) {
        Tags tags =
                Tags.of(
                        "scope",
                        scope.kind().name().toLowerCase(Locale.ROOT),
                        "name",
                        scope.name());
        List<Meter> shown = new ArrayList<>();
        shown.add(
                gauge(
                        "limit",
                        "What may be spent on this day (UTC)",
                        tags,
                        scope,
                        reading ->
                                reading.limitNanoUsd().isPresent()
                                        ? NanoUsd.usd(reading.limitNanoUsd().getAsLong())
                                        : Double.POSITIVE_INFINITY));
        shown.add(
                gauge(
                        "spent",
                        "What is spent on this day, bills that nobody knows included",
                        tags,
                        scope,
                        reading ->
                                NanoUsd.usd(
                                        reading.book().usedNanoUsd()
                                                - reading.book().openNanoUsd())));
        shown.add(
                gauge(
                        "uncertain",
                        "The part of what is spent whose bill nobody knows",
                        tags,
                        scope,
                        reading -> NanoUsd.usd(reading.book().uncertainNanoUsd())));
        shown.add(
                gauge(
                        "open",
                        "What is set aside for calls in the air, or ready for the next ones",
                        tags,
                        scope,
                        reading -> NanoUsd.usd(reading.book().openNanoUsd())));
        return shown;
    }

    private Gauge gauge(
            String what,
            String description,
            Tags tags,
            BudgetScope scope,
            ToDoubleFunction<Reading> value) {
        return Gauge.builder(
                        "assay.budget." + what + ".usd",
                        books,
                        known -> {
                            Reading reading = known.get(scope);
                            return reading == null ? Double.NaN : value.applyAsDouble(reading);
                        })
                .description(description)
                .tags(tags)
                .register(meters);
    }
}
