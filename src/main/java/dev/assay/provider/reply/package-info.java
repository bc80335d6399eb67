/// What replies mean, whatever the protocol: a table of the faults that providers report and what
/// follows from each, and what a call used where its provider did not say.
///
/// Called by the providers that speak a protocol over HTTP. Never retries, and repeats no prompt
/// and no key.
@NullMarked
package dev.assay.provider.reply;

import org.jspecify.annotations.NullMarked;
