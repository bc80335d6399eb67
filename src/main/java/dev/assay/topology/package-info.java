/// The Kafka Streams topology: the road of a prompt, wired in one file, one processor per file.
///
/// Called by the commands through `Pipeline`. Decides nothing itself: processors ask `decide`,
/// write stores, start calls and forward.
@NullMarked
package dev.assay.topology;

import org.jspecify.annotations.NullMarked;
