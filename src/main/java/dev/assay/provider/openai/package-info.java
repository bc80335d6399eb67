/// OpenAI's chat completions and its older completions, and the many servers that speak them.
///
/// Called through `ModelProvider`. Requests pass through as their users wrote them, but for what
/// the model's entry in the topology file tells; replies and errors become values. Never retries,
/// and never logs prompts or keys.
@NullMarked
package dev.assay.provider.openai;

import org.jspecify.annotations.NullMarked;
