/// Calibration: how well judges agree with gold labels, and which bar to set for them.
///
/// Called by the command line. Judges are asked by the very code that checks answers on the live
/// road, outside of the stream. Never knows Kafka.
@NullMarked
package dev.assay.calibrate;

import org.jspecify.annotations.NullMarked;
