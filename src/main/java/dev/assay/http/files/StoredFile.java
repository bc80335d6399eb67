package dev.assay.http.files;

import java.time.Instant;
import java.util.Optional;

/// A file as its owner knows it.
///
/// @param tenant whose it is; empty where its caller's key was no tenant's
/// @param name as the caller names it; for people only
/// @param purpose as the caller says it, such as `batch`
/// @param expiresAtMs it is gone from then on
public record StoredFile(
        String id,
        Optional<String> tenant,
        String name,
        String purpose,
        long bytes,
        long createdAtMs,
        Optional<Long> expiresAtMs) {

    boolean expired(Instant now) {
        return expiresAtMs.filter(end -> now.toEpochMilli() >= end).isPresent();
    }
}
