/// The way to models: one port, and for each protocol a mapping of requests, replies and errors.
///
/// Called on virtual threads by calls in flight. Never decides what happens after an error, and
/// never throws one.
@NullMarked
package dev.assay.provider;

import org.jspecify.annotations.NullMarked;
