/// What becomes of a bulk job: how far it is, how much of it may go on, how it ends.
///
/// Called by the jobs processor, for each event of a job, and by the runner that releases lines.
/// Never looks at a clock or a topic.
@NullMarked
package dev.assay.decide.job;

import org.jspecify.annotations.NullMarked;
