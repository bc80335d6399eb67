package dev.assay.http;

import io.javalin.http.Context;

import java.util.Optional;

/// Who sends a request, by the key that was shown.
///
/// @param tenant present where the key is a tenant's; it sees nothing of others
public record Caller(Optional<String> tenant) {

    /// Where nobody need show a key, or a key is no tenant's.
    public static final Caller ANYBODY = new Caller(Optional.empty());

    private static final String ATTRIBUTE = "assay.caller";

    /// The caller of a request whose key was admitted.
    public static Caller of(Context context) {
        Caller caller = context.attribute(ATTRIBUTE);
        return caller == null ? ANYBODY : caller;
    }

    void calls(Context context) {
        context.attribute(ATTRIBUTE, this);
    }

    /// Whether something of this tenant is for the caller to see.
    public boolean sees(Optional<String> owner) {
        return tenant.isEmpty() || tenant.equals(owner);
    }
}
