package dev.assay.model;

import java.util.Locale;

/// Why a prompt failed.
public enum FailureCode {
    UNDECODABLE,
    INVALID_INPUT,
    TOO_LARGE,
    REFUSED_BY_POLICY,
    OVER_BUDGET,
    DEADLINE_EXCEEDED,
    NO_MODEL,
    CONTEXT_TOO_LONG,
    CONTENT_FILTER,
    PROVIDER_ERROR,
    TIMEOUT,
    CANCELLED,
    INTERNAL_ERROR;

    /// As it is written in records and results.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
