package dev.assay.topology;

import dev.assay.decide.budget.BudgetScope;
import dev.assay.topology.Purses.Hold;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one open call draws on the budgets of the day.
final class Funds {

    /// @param scopes empty where no such budget binds its prompt
    /// @param nanoUsd what one try of it can cost
    record Draft(List<BudgetScope> scopes, long nanoUsd) {

        static final Draft NOTHING = new Draft(List.of(), 0);
    }

    private Optional<Draft> draft = Optional.empty();

    /// One for each try that is in the air.
    private List<Hold> holds = List.of();

    /// Empty until it is reckoned.
    Optional<Draft> draft() {
        return draft;
    }

    void reckoned(Draft newDraft) {
        draft = Optional.of(newDraft);
    }

    void add(Hold hold) {
        List<Hold> more = new ArrayList<>(holds);
        more.add(hold);
        holds = more;
    }

    Optional<Hold> takeLast() {
        if (holds.isEmpty()) {
            return Optional.empty();
        }
        Hold last = holds.getLast();
        holds = holds.subList(0, holds.size() - 1);
        return Optional.of(last);
    }

    List<Hold> takeAll() {
        List<Hold> all = holds;
        holds = List.of();
        return all;
    }
}
