/// The deterministic simulation: the real topology, lanes and flights on a small Kafka in memory,
/// under a scheduler that a seed drives.
///
/// Tasks are Kafka Streams' own; what is simulated is what lies around them: brokers, transactions,
/// the group, stream threads, clocks, models, and everything that goes wrong with these. A seed
/// gives the same run, event for event, each time. Start reading at [Simulation] and [Invariants].
@NullMarked
package dev.assay.sim;

import org.jspecify.annotations.NullMarked;
