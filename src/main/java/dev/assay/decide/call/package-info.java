/// The life of model calls: what a stage needs, what follows when a call ends.
///
/// Called by the stage processor on a stream thread. Never makes a call and never reads a clock.
@NullMarked
package dev.assay.decide.call;

import org.jspecify.annotations.NullMarked;
