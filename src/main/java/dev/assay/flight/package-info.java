/// Calls in the air: virtual threads, lanes and inboxes.
///
/// Called by the stage processors, on stream threads. Knows no Kafka: what comes back is put into
/// an inbox, and the owner of the inbox empties it when it likes.
@NullMarked
package dev.assay.flight;

import org.jspecify.annotations.NullMarked;
