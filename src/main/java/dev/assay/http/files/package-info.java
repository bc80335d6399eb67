/// Files that callers leave with an instance, and those it makes for them.
///
/// Called by the pages of OpenAI's API. Lies in a folder of its own; knows nothing of what a file
/// holds, and makes no path of anything that came from outside.
@NullMarked
package dev.assay.http.files;

import org.jspecify.annotations.NullMarked;
