package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.budget.BudgetScope;
import dev.assay.decide.budget.Purse;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class PursesTest {

    private static final List<BudgetScope> ACME = List.of(BudgetScope.tenant("acme"));
    private static final Instant MIDNIGHT = Instant.parse("2026-01-02T00:00:00Z");
    private static final long CALL = 1_000;

    /// The ledger has said that yesterday's money may come back, and nobody says anything more.
    @Test
    void callThatLackedMoneyOfYesterdayHearsOfTheNewDay() {
        Purses purses = new Purses(0, 1);
        assertThat(purses.draw(ACME, CALL, MIDNIGHT.minusMillis(1)))
                .isEqualTo(new Purses.Drawing.Lacking());
        long seen = purses.changes();

        purses.claims(MIDNIGHT.plus(Purse.TICK));

        assertThat(purses.changes()).isGreaterThan(seen);
    }
}
