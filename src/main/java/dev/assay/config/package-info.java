/// The topology file as records: parsed once, validated whole, errors with line and key.
///
/// Called by the commands before anything starts; read by everybody above `decide`. Never opens a
/// connection.
@NullMarked
package dev.assay.config;

import org.jspecify.annotations.NullMarked;
