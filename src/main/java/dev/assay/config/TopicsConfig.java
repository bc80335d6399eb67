package dev.assay.config;

/// How topics are named and made where they are missing.
///
/// @param prefix put before every topic name; may be empty
/// @param partitions of `prompts` and all topics co-partitioned with it
/// @param replicationFactor -1 takes the broker's default
public record TopicsConfig(String prefix, int partitions, short replicationFactor) {

    public static final TopicsConfig DEFAULT = new TopicsConfig("", 6, (short) -1);
}
