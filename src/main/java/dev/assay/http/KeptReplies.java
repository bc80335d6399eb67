package dev.assay.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import java.util.Optional;

/// The last results that callers of this instance were given, for who asks for them again. Bounded
/// by their number and by their bytes, as one result may have megabytes. Safe for any thread.
final class KeptReplies {

    static final int MOST = 10_000;

    private static final long MOST_BYTES = 64L << 20;
    private static final int HEAP_PARTS = 16;

    private final Cache<String, Reply.Owned> replies;

    /// @param mostBytes of all records together
    KeptReplies(long mostBytes) {
        // A cache has one bound: a small result counts as much as leaves no room for more than
        // MOST.
        int leastBytes = Math.toIntExact(Math.ceilDiv(mostBytes, MOST));
        this.replies =
                Caffeine.newBuilder()
                        .maximumWeight(mostBytes)
                        .<String, Reply.Owned>weigher(
                                (_, reply) -> Math.max(reply.bytes(), leastBytes))
                        .build();
    }

    /// What the heap affords.
    static long usualBytes() {
        return Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PARTS);
    }

    void keep(Reply.Owned reply) {
        replies.put(reply.id(), reply);
    }

    Optional<Reply.Owned> find(String id) {
        return Optional.ofNullable(replies.getIfPresent(id));
    }

    /// How many are kept, once those without room are gone.
    long count() {
        replies.cleanUp();
        return replies.estimatedSize();
    }
}
