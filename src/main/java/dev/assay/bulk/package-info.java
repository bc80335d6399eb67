/// Bulk work: reads a file of prompts, sends it through a running pipeline, and collects one result
/// per line.
///
/// Called by the commands. Streams everything: memory holds neither the input nor the results, only
/// a few bytes per line to know what is done. Never calls a model, never starts a broker or a
/// pipeline, and knows nothing of the command line.
@NullMarked
package dev.assay.bulk;

import org.jspecify.annotations.NullMarked;
