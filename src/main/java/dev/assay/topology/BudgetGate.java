package dev.assay.topology;

import dev.assay.codec.StoreCodec.Pending;
import dev.assay.decide.budget.Account;
import dev.assay.decide.budget.BudgetScope;
import dev.assay.decide.budget.Grant;
import dev.assay.decide.budget.NanoUsd;
import dev.assay.decide.call.StageLogic;
import dev.assay.model.Call;
import dev.assay.model.PromptState;
import dev.assay.topology.Funds.Draft;
import dev.assay.topology.OpenCalls.OpenCall;
import dev.assay.topology.Purses.Drawing;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// Lets calls begin as far as the budgets of the day bear what they can cost. Used by the task's
/// stream thread.
final class BudgetGate {

    private final Parts parts;
    private final StageLogic logic;
    private final int partition;
    private final OpenCalls calls;
    private final PendingPrompts prompts;
    private final boolean closed;
    private long seenChanges;

    BudgetGate(
            Parts parts, StageLogic logic, int partition, OpenCalls calls, PendingPrompts prompts) {
        this.parts = parts;
        this.logic = logic;
        this.partition = partition;
        this.calls = calls;
        this.prompts = prompts;
        this.closed = parts.routes().anyDayBudget();
    }

    /// Sets aside what the call can cost. Where a purse lacks it, the call is put by until the
    /// ledger has answered; where the day's budget is used up, it ends.
    ///
    /// @return true where it may begin
    boolean admits(OpenCall open) {
        if (!closed) {
            return true;
        }
        Draft draft = open.funds().draft().orElseGet(() -> drafted(open));
        if (draft.scopes().isEmpty()) {
            return true;
        }
        Instant now = parts.clock().instant();
        return switch (parts.budgets().of(partition).draw(draft.scopes(), draft.nanoUsd(), now)) {
            case Drawing.Drawn drawn -> {
                open.funds().add(drawn.hold());
                yield true;
            }
            case Drawing.Lacking _ -> {
                calls.putBy(open);
                yield false;
            }
            case Drawing.Refused refused -> {
                Pending pending = prompts.load(open.promptId());
                Call call = pending.state().call(open.slot()).orElseThrow();
                prompts.tooDear(pending, call, inWords(refused.grant()), now);
                yield false;
            }
        };
    }

    /// Sets aside the same once more, for a second try at the same time.
    boolean admitsBeside(OpenCall open) {
        if (!closed || open.funds().draft().filter(draft -> !draft.scopes().isEmpty()).isEmpty()) {
            return true;
        }
        Draft draft = open.funds().draft().orElseThrow();
        Drawing drawing =
                parts.budgets()
                        .of(partition)
                        .draw(draft.scopes(), draft.nanoUsd(), parts.clock().instant());
        if (drawing instanceof Drawing.Drawn drawn) {
            open.funds().add(drawn.hold());
            return true;
        }
        return false;
    }

    /// The call, or the second try, does not begin now.
    void undo(OpenCall open) {
        open.funds().takeLast().ifPresent(hold -> parts.budgets().of(partition).release(hold));
    }

    /// Lets calls that were put by try again, where their purses have changed.
    void wake() {
        if (closed && calls.anyPutBy()) {
            long changes = parts.budgets().of(partition).changes();
            if (changes != seenChanges) {
                seenChanges = changes;
                calls.wake();
            }
        }
    }

    private Draft drafted(OpenCall open) {
        PromptState state = prompts.load(open.promptId()).state();
        List<BudgetScope> scopes = parts.routes().dayScopes(state);
        Draft draft =
                scopes.isEmpty()
                        ? Draft.NOTHING
                        : new Draft(
                                scopes,
                                NanoUsd.of(
                                        logic.usd(state, state.call(open.slot()).orElseThrow())));
        open.funds().reckoned(draft);
        return draft;
    }

    private static String inWords(Grant grant) {
        Account account = grant.account();
        return String.format(
                Locale.ROOT,
                "the usd_per_day of %s, %.6f USD, of which %.6f are spent or set aside; it renews at %s",
                account.scope().inWords(),
                NanoUsd.usd(grant.limitNanoUsd()),
                NanoUsd.usd(grant.usedNanoUsd()),
                account.renewsAt());
    }
}
