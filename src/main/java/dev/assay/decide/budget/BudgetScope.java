package dev.assay.decide.budget;

import java.util.Locale;

/// Whom a budget is for.
///
/// @param name of the tenant or route
public record BudgetScope(Kind kind, String name) {

    /// What has a budget for each day.
    public enum Kind {
        TENANT,
        ROUTE
    }

    public static BudgetScope tenant(String name) {
        return new BudgetScope(Kind.TENANT, name);
    }

    public static BudgetScope route(String name) {
        return new BudgetScope(Kind.ROUTE, name);
    }

    /// As messages and metrics name it: `tenant acme`.
    public String inWords() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + name;
    }
}
