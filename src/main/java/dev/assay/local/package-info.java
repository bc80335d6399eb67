/// A whole Kafka stack on one machine without anything installed: a broker inside this JVM, and a
/// schema registry as a child process that lives no longer than this one.
///
/// Called by the commands `run` and `up` and by integration tests. Never listens on anything but
/// loopback, and knows nothing of prompts, models or topologies.
@NullMarked
package dev.assay.local;

import org.jspecify.annotations.NullMarked;
