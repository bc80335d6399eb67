/// The functional core: every decision of the road as a function of values.
///
/// Called by the processors of `topology` and the lanes of `flight`. Knows the JDK and `model`
/// only: no clock, no thread, no randomness, no Kafka, no JSON; time and chance come in as
/// arguments.
@NullMarked
package dev.assay.decide;

import org.jspecify.annotations.NullMarked;
