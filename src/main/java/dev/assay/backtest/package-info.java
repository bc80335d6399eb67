/// Backtests: what a topology file would have cost, and how good it would have been, on answers and
/// grades that are on record.
///
/// Called by the command line. Prompts go through the same decisions as on the live road, and a
/// record plays the part of the models. Never calls a model and never knows Kafka.
@NullMarked
package dev.assay.backtest;

import org.jspecify.annotations.NullMarked;
