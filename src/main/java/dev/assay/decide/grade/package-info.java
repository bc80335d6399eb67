/// From verdicts to a grade, and from grades to the outcome of a round.
///
/// Called by the grade processor. Never asks a model.
@NullMarked
package dev.assay.decide.grade;

import org.jspecify.annotations.NullMarked;
