/// OpenAI's own API, so that its clients work unchanged, with the grade beside the standard fields.
///
/// Called by the commands that run a pipeline. Knows prompts and results, never the pipeline's
/// inside.
@NullMarked
package dev.assay.http.openai;

import org.jspecify.annotations.NullMarked;
