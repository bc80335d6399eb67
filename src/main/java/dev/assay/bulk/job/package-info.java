/// Bulk jobs on a running pipeline: submit, follow, collect, cancel, send again; and the runner
/// that releases their lines.
///
/// Called by commands and by the HTTP API. Talks to the pipeline through topics alone.
@NullMarked
package dev.assay.bulk.job;

import org.jspecify.annotations.NullMarked;
