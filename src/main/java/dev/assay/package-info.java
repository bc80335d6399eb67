/// Assay tells how good each model's answer is before anyone relies on it.
///
/// This package holds nothing itself; it is the root of the rooms. Imports point downwards only:
/// `cli`, `bulk`, `local` to `topology` to `flight`, `codec`, `provider` to `config` to `decide` to
/// `model`. `ArchitectureTest` keeps it so.
@NullMarked
package dev.assay;

import org.jspecify.annotations.NullMarked;
