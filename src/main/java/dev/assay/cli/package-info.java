/// The command line: one class per command, all of them thin. Called by `main` and by tests through
/// [dev.assay.cli.AssayCommand#commandLine]. Results go to stdout and everything else to stderr;
/// nothing outside this package writes to either. Never decides anything about prompts, models or
/// grades.
@NullMarked
package dev.assay.cli;

import org.jspecify.annotations.NullMarked;
