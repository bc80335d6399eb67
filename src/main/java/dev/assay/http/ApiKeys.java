package dev.assay.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The keys that callers may show, and whose they are. Only their hashes are kept.
public final class ApiKeys {

    /// The variable of the environment that names them, separated by commas: `KEY`, or `TENANT=KEY`
    /// for the key of a tenant.
    public static final String VARIABLE = "ASSAY_API_KEYS";

    private static final int BASE64_BLOCK = 4;
    private static final String BEARER = "Bearer ";

    /// A key of at least 16 random bytes as `openssl rand -base64 32` prints it, whose padding is
    /// part of it.
    private static final Pattern PADDED_BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{22,}={1,2}");

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
    /// @throws HttpServerException if a tenant has no key
    public static ApiKeys of(String commaSeparated) {
        List<Key> keys = new ArrayList<>();
        for (String entry : commaSeparated.split(",", -1)) {
            if (!entry.isBlank()) {
                keys.add(key(entry.trim(), keys.size() + 1));
            }
        }
        return new ApiKeys(keys);
    }

    private static Key key(String entry, int number) {
        int equals = entry.indexOf('=');
        boolean isPadding =
                PADDED_BASE64.matcher(entry).matches() && entry.length() % BASE64_BLOCK == 0;
        if (equals <= 0 || isPadding) {
            return new Key(hex(entry), Caller.ANYBODY);
        }
        String tenant = entry.substring(0, equals).trim();
        String key = entry.substring(equals + 1).trim();
        // A variable that is not set, or a key that itself ends in "=": taken as it stands, either
        // would let in whoever shows no key at all.
        if (key.chars().allMatch(c -> c == '=')) {
            throw new HttpServerException(
                    "%s: entry %d ends in \"=\" and so has no key; write KEY, or TENANT=KEY, with a key that has other characters"
                            .formatted(VARIABLE, number));
        }
        return new Key(hex(key), new Caller(Optional.of(tenant)));
    }

    /// Those of the environment.
    public static ApiKeys ofEnvironment() {
        return of(System.getenv().getOrDefault(VARIABLE, ""));
    }

    /// What holds for a tenant would not hold for one whose name is misspelt.
    ///
    /// @param tenants that there are; empty where nothing is said of any
    /// @throws HttpServerException if a key is of none of them
    public void requireTenants(Set<String> tenants) {
        for (Key key : keys) {
            Optional<String> tenant = key.caller().tenant();
            if (!tenants.isEmpty() && tenant.isPresent() && !tenants.contains(tenant.get())) {
                throw new HttpServerException(
                        "%s: entry %d is the key of a tenant that the topology file does not have; there are %s"
                                .formatted(
                                        VARIABLE,
                                        keys.indexOf(key) + 1,
                                        String.join(", ", new TreeSet<>(tenants))));
            }
        }
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
