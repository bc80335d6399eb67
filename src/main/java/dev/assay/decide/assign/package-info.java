/// Which route a prompt takes and which models it is given: the only place that chooses models.
///
/// Called at admission and for each round. Never looks at anything but its arguments.
@NullMarked
package dev.assay.decide.assign;

import org.jspecify.annotations.NullMarked;
