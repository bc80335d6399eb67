/// From values to bytes and back: Avro for topics and stores, JSON for requests and results.
///
/// Called by processors and commands. The serializers of the Schema Registry's client are
/// configured here and nowhere else. Decides nothing about a prompt beyond whether it can be read.
@NullMarked
package dev.assay.codec;

import org.jspecify.annotations.NullMarked;
