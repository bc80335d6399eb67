package dev.assay.sim;

import dev.assay.codec.LedgerCodec;
import dev.assay.codec.StoreCodec;
import dev.assay.decide.budget.Account;
import dev.assay.decide.budget.Book;
import dev.assay.decide.budget.BudgetScope;
import dev.assay.decide.budget.NanoUsd;

import org.apache.kafka.common.utils.Bytes;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the models bill on each day to whoever has a budget of the day.
///
/// A model bills a call that it takes up, in full, whether or not anybody is there to hear the
/// answer: what is uncertain to the product is certain here.
final class DayBills {

    private static final String LEDGER = "sim-ledger-changelog";
    private static final double ROUNDING_USD = 1e-6;

    private final Scenario scenario;
    private final SimBroker broker;
    private final Map<String, Double> billedUsd = new TreeMap<>();

    DayBills(Scenario scenario, SimBroker broker) {
        this.scenario = scenario;
        this.broker = broker;
    }

    /// Bills stay within the budget of the day, and within what its ledger has granted: nothing is
    /// drawn on a grant that was not committed.
    ///
    /// @param drawnAt by the clock of the instance that makes the call
    Optional<Violation> bill(String promptId, double usd, Instant drawnAt) {
        for (BudgetScope scope : scenario.dayScopes(promptId)) {
            String account = LedgerCodec.key(Account.at(scope, drawnAt));
            double billed = billedUsd.merge(account, usd, Double::sum);
            double limitUsd = scenario.usdPerDay(scope);
            double grantedUsd = NanoUsd.usd(book(account).usedNanoUsd());
            if (billed > Math.min(limitUsd, grantedUsd) + ROUNDING_USD) {
                return Optional.of(
                        new Violation(
                                "bills stay within the budget of the day: %s is billed %f of %f, of which %f are granted"
                                        .formatted(account, billed, limitUsd, grantedUsd)));
            }
        }
        return Optional.empty();
    }

    /// What the ledgers take for certain was billed.
    void agree() {
        for (String account : billedUsd.keySet()) {
            Book book = book(account);
            double certainUsd =
                    NanoUsd.usd(book.usedNanoUsd() - book.openNanoUsd() - book.uncertainNanoUsd());
            if (certainUsd > billedUsd.get(account) + ROUNDING_USD) {
                throw new Violation(
                        "a ledger counts what was billed: %s has %f for certain, billed were %f"
                                .formatted(account, certainUsd, billedUsd.get(account)));
            }
        }
    }

    /// As of the last commit.
    private Book book(String account) {
        Bytes key = Bytes.wrap(account.getBytes(StandardCharsets.UTF_8));
        for (int partition = 0; partition < broker.partitions(); partition++) {
            byte[] entry = broker.changelog(LEDGER, partition).get(key);
            if (entry != null) {
                return StoreCodec.decodeBook(entry);
            }
        }
        return Book.EMPTY;
    }
}
