/// Calls over HTTP: one pool of connections for all providers of an instance, and hard limits on
/// time and size.
///
/// Called by providers that speak a protocol over HTTP. Never retries, follows redirects, keeps
/// cookies, or knows what a reply means.
@NullMarked
package dev.assay.provider.http;

import org.jspecify.annotations.NullMarked;
