package dev.assay.topology;

import dev.assay.decide.budget.Account;
import dev.assay.decide.budget.BudgetScope;
import dev.assay.decide.budget.Claim;
import dev.assay.decide.budget.Grant;
import dev.assay.decide.budget.Purse;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the calls of one task may spend of the budgets of the day.
///
/// In memory alone: what a task had when it closes is lost, and the ledger writes it off once the
/// next owner of the partition, which is another incarnation, says its first word. Used by the
/// task's stream thread.
final class Purses {

    /// What is set aside for a call in the air.
    ///
    /// @param accounts of the day on which it began
    record Hold(List<Account> accounts, long nanoUsd) {}

    /// Whether a call may begin.
    sealed interface Drawing {

        record Drawn(Hold hold) implements Drawing {}

        /// Not now; the ledger is asked.
        record Lacking() implements Drawing {}

        /// Not on this day.
        record Refused(Grant grant) implements Drawing {}
    }

    private final int partition;
    private final long incarnation;
    private final Map<Account, Purse> purses = new HashMap<>();
    private long changes;

    Purses(int partition, long incarnation) {
        this.partition = partition;
        this.incarnation = incarnation;
    }

    /// Sets aside what a call can cost in all accounts that it draws on, or in none.
    Drawing draw(List<BudgetScope> scopes, long nanoUsd, Instant now) {
        List<Account> accounts = scopes.stream().map(scope -> Account.at(scope, now)).toList();
        for (Account account : accounts) {
            Optional<Grant> refused = purse(account).refused(nanoUsd, now);
            if (refused.isPresent()) {
                return new Drawing.Refused(refused.get());
            }
        }
        boolean enough = true;
        for (Account account : accounts) {
            Purse purse = purse(account);
            if (!purse.has(nanoUsd)) {
                purses.put(account, purse.lacks(nanoUsd));
                enough = false;
            }
        }
        if (!enough) {
            return new Drawing.Lacking();
        }
        accounts.forEach(account -> purses.put(account, purse(account).hold(nanoUsd)));
        return new Drawing.Drawn(new Hold(accounts, nanoUsd));
    }

    /// The call was not made after all.
    void release(Hold hold) {
        hold.accounts()
                .forEach(account -> purses.put(account, purse(account).release(hold.nanoUsd())));
    }

    /// Calls of one prompt ended.
    ///
    /// @param ended what was set aside for them; not empty
    /// @param costNanoUsd their bill, with what was set aside where that is unknown
    /// @param unknownNanoUsd the part of it whose bill is unknown
    void settle(List<Hold> ended, long costNanoUsd, long unknownNanoUsd) {
        long cost = costNanoUsd;
        long unknown = unknownNanoUsd;
        for (Hold hold : ended) {
            for (Account account : hold.accounts()) {
                purses.put(account, purse(account).settle(hold.nanoUsd(), cost, unknown));
            }
            cost = 0;
            unknown = 0;
        }
        changes++;
    }

    /// The ledger's answer; one for a former owner of the partition is none.
    void granted(Grant grant, Instant now) {
        if (grant.incarnation() == incarnation) {
            purses.computeIfPresent(grant.account(), (_, purse) -> purse.granted(grant, now));
            changes++;
        }
    }

    /// What the ledger is to be told. Called every [Purse#TICK].
    List<Claim> claims(Instant now) {
        List<Claim> claims = new ArrayList<>();
        purses.replaceAll(
                (_, purse) -> {
                    Purse.Ticked ticked = purse.tick(partition, incarnation, now);
                    ticked.claim().ifPresent(claims::add);
                    return ticked.purse();
                });
        boolean over =
                purses.values()
                        .removeIf(
                                purse ->
                                        purse.isSettled()
                                                && !now.isBefore(purse.account().renewsAt()));
        if (over) {
            // What a call lacked of that day it may find on the next.
            changes++;
        }
        return claims;
    }

    /// Grows whenever a call that lacked something may find it.
    long changes() {
        return changes;
    }

    private Purse purse(Account account) {
        return purses.computeIfAbsent(account, Purse::empty);
    }
}
