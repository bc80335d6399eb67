/// Made-up models: for the first try without keys, for demonstrations, and for load tests.
///
/// Called through `ModelProvider` in the process, or over HTTP through `SimulatedServer`.
/// Everything is drawn from hashes of seed, model and prompt, so that runs repeat themselves.
/// Repeats no word of a prompt.
@NullMarked
package dev.assay.provider.simulated;

import org.jspecify.annotations.NullMarked;
