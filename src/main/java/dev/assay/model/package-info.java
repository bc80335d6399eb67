/// The values every room shares: prompts, plans, answers, verdicts, grades, results.
///
/// Immutable records and sealed interfaces on the JDK alone. Everybody reads them; nothing here
/// calls a model, a broker, a clock or a parser.
@NullMarked
package dev.assay.model;

import org.jspecify.annotations.NullMarked;
