package dev.assay.codec;

import dev.assay.avro.LedgerBook;
import dev.assay.avro.LedgerClaim;
import dev.assay.avro.LedgerGrant;
import dev.assay.avro.LedgerLease;
import dev.assay.decide.budget.Account;
import dev.assay.decide.budget.Book;
import dev.assay.decide.budget.BudgetScope;
import dev.assay.decide.budget.Claim;
import dev.assay.decide.budget.Grant;

import java.time.LocalDate;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// Budgets as they stand on the ledger's topics and in its store.
public final class LedgerCodec {

    private LedgerCodec() {}

    /// The key of an account in the ledger's store; days of one scope stand in their order.
    public static String key(Account account) {
        return scopeKey(account.scope()) + "/" + account.day();
    }

    /// The key of a scope's claims: one ledger keeps all days of it.
    public static String scopeKey(BudgetScope scope) {
        return lower(scope.kind()) + "/" + scope.name();
    }

    /// The account of a key from [#key].
    public static Account account(String key) {
        int name = key.indexOf('/') + 1;
        int day = key.lastIndexOf('/') + 1;
        return new Account(
                scope(key.substring(0, name - 1), key.substring(name, day - 1)),
                LocalDate.parse(key.substring(day)));
    }

    public static LedgerClaim toRecord(Claim claim) {
        return LedgerClaim.newBuilder()
                .setKind(lower(claim.account().scope().kind()))
                .setName(claim.account().scope().name())
                .setDay(claim.account().day())
                .setHolder(claim.holder())
                .setIncarnation(claim.incarnation())
                .setNumber(claim.number())
                .setNeededNanoUsd(claim.neededNanoUsd())
                .setWantedNanoUsd(claim.wantedNanoUsd())
                .setSpentNanoUsd(claim.spentNanoUsd())
                .setUncertainNanoUsd(claim.uncertainNanoUsd())
                .setReturnedNanoUsd(claim.returnedNanoUsd())
                .setIdleNanoUsd(claim.idleNanoUsd())
                .build();
    }

    public static Claim fromRecord(LedgerClaim record) {
        return new Claim(
                new Account(scope(record.getKind(), record.getName()), record.getDay()),
                record.getHolder(),
                record.getIncarnation(),
                record.getNumber(),
                record.getNeededNanoUsd(),
                record.getWantedNanoUsd(),
                record.getSpentNanoUsd(),
                record.getUncertainNanoUsd(),
                record.getReturnedNanoUsd(),
                record.getIdleNanoUsd());
    }

    public static LedgerGrant toRecord(Grant grant) {
        return LedgerGrant.newBuilder()
                .setKind(lower(grant.account().scope().kind()))
                .setName(grant.account().scope().name())
                .setDay(grant.account().day())
                .setHolder(grant.holder())
                .setIncarnation(grant.incarnation())
                .setNumber(grant.number())
                .setRuling(lower(grant.ruling()))
                .setGrantedNanoUsd(grant.grantedNanoUsd())
                .setLimitNanoUsd(grant.limitNanoUsd())
                .setUsedNanoUsd(grant.usedNanoUsd())
                .build();
    }

    public static Grant fromRecord(LedgerGrant record) {
        return new Grant(
                new Account(scope(record.getKind(), record.getName()), record.getDay()),
                record.getHolder(),
                record.getIncarnation(),
                record.getNumber(),
                ruling(record.getRuling()),
                record.getGrantedNanoUsd(),
                record.getLimitNanoUsd(),
                record.getUsedNanoUsd());
    }

    static LedgerBook toRecord(Book book) {
        return LedgerBook.newBuilder()
                .setClosedNanoUsd(book.closedNanoUsd())
                .setClosedUncertainNanoUsd(book.closedUncertainNanoUsd())
                .setLeases(
                        book.leases().entrySet().stream()
                                .map(entry -> lease(entry.getKey(), entry.getValue()))
                                .toList())
                .build();
    }

    static Book fromRecord(LedgerBook record) {
        SortedMap<Integer, Book.Lease> leases = new TreeMap<>();
        for (LedgerLease lease : record.getLeases()) {
            leases.put(
                    lease.getHolder(),
                    new Book.Lease(
                            lease.getIncarnation(),
                            lease.getNumber(),
                            ruling(lease.getRuling()),
                            lease.getLastGrantNanoUsd(),
                            lease.getGrantedNanoUsd(),
                            lease.getReturnedNanoUsd(),
                            lease.getSpentNanoUsd(),
                            lease.getUncertainNanoUsd(),
                            lease.getHeardAt()));
        }
        return new Book(record.getClosedNanoUsd(), record.getClosedUncertainNanoUsd(), leases);
    }

    private static LedgerLease lease(int holder, Book.Lease lease) {
        return LedgerLease.newBuilder()
                .setHolder(holder)
                .setIncarnation(lease.incarnation())
                .setNumber(lease.number())
                .setRuling(lower(lease.ruling()))
                .setLastGrantNanoUsd(lease.lastGrantNanoUsd())
                .setGrantedNanoUsd(lease.grantedNanoUsd())
                .setReturnedNanoUsd(lease.returnedNanoUsd())
                .setSpentNanoUsd(lease.spentNanoUsd())
                .setUncertainNanoUsd(lease.uncertainNanoUsd())
                .setHeardAt(lease.heardAt())
                .build();
    }

    private static BudgetScope scope(String kind, String name) {
        return new BudgetScope(BudgetScope.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), name);
    }

    private static Grant.Ruling ruling(String ruling) {
        return Grant.Ruling.valueOf(ruling.toUpperCase(Locale.ROOT));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
