/// Measurements of Assay from outside: broker, simulator, registry and instances each run as a
/// process of their own, this one sends prompts, counts what a read_committed consumer sees, and
/// reads from `/proc` what the others used.
///
/// The scripts of `bench/` start it. Nothing of the product depends on it.
@NullMarked
package dev.assay.bench;

import org.jspecify.annotations.NullMarked;
