/// What the pipeline knows of its models from its own grades: scorecards, who expects what of whom,
/// and which grade each model is expected to get for one prompt.
///
/// Observations come from the grade and finish processors and are added up by the learn processor;
/// assign reads the outcome. For strategy `learned` a prompt becomes a `FeatureVector`, a
/// `RouteLearner` sums up grades and solves a `Predictor`, every instance predicts with that, and
/// `LearnedChoice` weighs grade against cost. All sums are of bounded size. Never asks a model, and
/// never keeps a prompt.
@NullMarked
package dev.assay.decide.learn;

import org.jspecify.annotations.NullMarked;
