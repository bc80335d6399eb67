/// What is served over HTTP: health, metrics.
///
/// Called by the commands that run a pipeline. Knows the pipeline by what it tells of itself, never
/// its inside.
@NullMarked
package dev.assay.http;

import org.jspecify.annotations.NullMarked;
