package dev.assay.topology;

import java.util.OptionalInt;

/// The key of a record on its way to the loop topic.
///
/// A prompt that has been in a task stays in its partition, whatever key it was produced with: its
/// id is in that task's store. One that came without a key goes where its id leads.
///
/// @param partition where it must go; empty to let the id decide
record LoopKey(String id, OptionalInt partition) {}
