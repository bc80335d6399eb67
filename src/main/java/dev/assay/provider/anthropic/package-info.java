/// Anthropic's own Messages API.
///
/// Called through `ModelProvider`. Chat completions become Messages and replies become chat
/// messages again, so that everything else knows one form. Never retries, and never logs prompts or
/// keys.
@NullMarked
package dev.assay.provider.anthropic;

import org.jspecify.annotations.NullMarked;
