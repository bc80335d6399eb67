/// The arithmetic of a lane: how much may be in flight, when to wait, when to stop.
///
/// Called by the lanes of `flight` under their lock. Holds no lock and reads no clock itself.
@NullMarked
package dev.assay.decide.limit;

import org.jspecify.annotations.NullMarked;
