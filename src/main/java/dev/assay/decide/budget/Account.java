package dev.assay.decide.budget;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// What a scope may spend on one day.
///
/// @param day in UTC; a call counts on the day it begins
public record Account(BudgetScope scope, LocalDate day) {

    public static Account at(BudgetScope scope, Instant now) {
        return new Account(scope, LocalDate.ofInstant(now, ZoneOffset.UTC));
    }

    /// When the next day's account takes over.
    public Instant renewsAt() {
        return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
