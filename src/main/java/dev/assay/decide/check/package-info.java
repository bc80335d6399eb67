/// Whether an answer is any good: the cheap rules, who may judge, what a judge is asked and what
/// its reply says.
///
/// Called by the check stage on a stream thread. Never asks a model, parses JSON or validates a
/// schema itself; the last two come in through the ports [JsonObjects] and [SchemaValidator].
/// Answers and replies are hostile input here: all work on them is bounded.
@NullMarked
package dev.assay.decide.check;

import org.jspecify.annotations.NullMarked;
