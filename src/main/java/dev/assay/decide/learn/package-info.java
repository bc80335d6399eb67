/// What the pipeline knows of its models from its own grades: scorecards, and who expects what of
/// whom.
///
/// Observations come from the grade and finish processors and are added up by the learn processor;
/// assign reads the outcome. Never asks a model.
@NullMarked
package dev.assay.decide.learn;

import org.jspecify.annotations.NullMarked;
