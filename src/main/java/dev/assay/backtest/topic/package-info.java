/// Reads from Kafka what a running pipeline recorded, for backtests of another topology file.
///
/// Called by the command line. Only reads, and only what is committed; never joins a group.
@NullMarked
package dev.assay.backtest.topic;

import org.jspecify.annotations.NullMarked;
