package dev.assay.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/// The keys that callers may show. Only their hashes are kept.
public final class ApiKeys {

    /// The variable of the environment that names them, separated by commas.
    public static final String VARIABLE = "ASSAY_API_KEYS";

    private static final String BEARER = "Bearer ";

    private final List<byte[]> hashes;

    private ApiKeys(List<byte[]> hashes) {
        this.hashes = hashes;
    }

    /// @param commaSeparated blank for none
    public static ApiKeys of(String commaSeparated) {
        return new ApiKeys(
                Arrays.stream(commaSeparated.split(","))
                        .map(String::trim)
                        .filter(key -> !key.isEmpty())
                        .map(ApiKeys::hash)
                        .toList());
    }

    /// Those of the environment.
    public static ApiKeys ofEnvironment() {
        return of(System.getenv().getOrDefault(VARIABLE, ""));
    }

    /// True where nobody need show a key.
    public boolean none() {
        return hashes.isEmpty();
    }

    /// Whether the value of an Authorization header shows one of the keys. Takes the same time
    /// whichever it is, and however much of it is right.
    boolean admit(String authorization) {
        String shown =
                authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                        ? authorization.substring(BEARER.length()).trim()
                        : "";
        byte[] hash = hash(shown);
        boolean known = false;
        for (byte[] key : hashes) {
            known |= MessageDigest.isEqual(key, hash);
        }
        return known;
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
