/// The work of the benchmark as others do it. Each class is the main class of a process of its own:
/// it prints `ready` when it takes prompts, and runs until it is ended. All make their calls with
/// Assay's HTTP client on virtual threads.
@NullMarked
package dev.assay.bench.peer;

import org.jspecify.annotations.NullMarked;
