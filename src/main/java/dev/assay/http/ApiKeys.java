package dev.assay.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The keys that callers may show, and whose they are. Only their hashes are kept.
public final class ApiKeys {

    /// The variable of the environment that names them, separated by commas: `KEY`, or `TENANT=KEY`
    /// for the key of a tenant.
    public static final String VARIABLE = "ASSAY_API_KEYS";

    private static final String BEARER = "Bearer ";

    private final List<Key> keys;

    /// @param hash of the key, as hexadecimal digits
    private record Key(String hash, Caller caller) {
        boolean is(byte[] other) {
            return MessageDigest.isEqual(HexFormat.of().parseHex(hash), other);
        }
    }

    private ApiKeys(List<Key> keys) {
        this.keys = keys;
    }

    /// @param commaSeparated blank for none
    public static ApiKeys of(String commaSeparated) {
        return new ApiKeys(
                Arrays.stream(commaSeparated.split(","))
                        .map(String::trim)
                        .filter(key -> !key.isEmpty())
                        .map(ApiKeys::key)
                        .toList());
    }

    private static Key key(String entry) {
        int equals = entry.indexOf('=');
        return equals <= 0
                ? new Key(hex(entry), Caller.ANYBODY)
                : new Key(
                        hex(entry.substring(equals + 1).trim()),
                        new Caller(Optional.of(entry.substring(0, equals).trim())));
    }

    /// Those of the environment.
    public static ApiKeys ofEnvironment() {
        return of(System.getenv().getOrDefault(VARIABLE, ""));
    }

    /// True where nobody need show a key.
    public boolean none() {
        return keys.isEmpty();
    }

    /// Whose key the value of an Authorization header shows; empty where it is none. Takes the same
    /// time whichever it is, and however much of it is right.
    Optional<Caller> admit(String authorization) {
        String shown =
                authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                        ? authorization.substring(BEARER.length()).trim()
                        : "";
        byte[] hash = hash(shown);
        Optional<Caller> caller = Optional.empty();
        for (Key key : keys) {
            if (key.is(hash)) {
                caller = Optional.of(key.caller());
            }
        }
        return caller;
    }

    private static String hex(String key) {
        return HexFormat.of().formatHex(hash(key));
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
