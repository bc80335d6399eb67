package dev.assay.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.assay.model.Usage;
import dev.assay.provider.reply.TokenCount;

import java.io.IOException;

/// The `usage` of a reply. What was not counted is `TokenCount.ABSENT`.
record TokenCounts(long prompt, long completion, long total, long cached, long reasoning) {

    /// Reads the value that the parser is at.
    static TokenCounts read(JsonParser json) throws IOException {
        long prompt = TokenCount.ABSENT;
        long completion = TokenCount.ABSENT;
        long total = TokenCount.ABSENT;
        long cached = TokenCount.ABSENT;
        long reasoning = TokenCount.ABSENT;
        if (json.currentToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "prompt_tokens" -> prompt = TokenCount.read(json);
                    case "completion_tokens" -> completion = TokenCount.read(json);
                    case "total_tokens" -> total = TokenCount.read(json);
                    // DeepSeek's own name for what others put into the details.
                    case "prompt_cache_hit_tokens" ->
                            cached = Math.max(cached, TokenCount.read(json));
                    case "prompt_tokens_details" ->
                            cached = Math.max(cached, detail(json, "cached_tokens"));
                    case "completion_tokens_details" ->
                            reasoning = detail(json, "reasoning_tokens");
                    default -> json.skipChildren();
                }
            }
        } else {
            json.skipChildren();
        }
        return new TokenCounts(prompt, completion, total, cached, reasoning);
    }

    /// Whether anything was counted.
    boolean counted() {
        return prompt >= 0 && (completion >= 0 || total >= 0);
    }

    /// Some providers (xAI, Gemini) leave reasoning out of `completion_tokens` and bill it all the
    /// same; the total has it.
    Usage usage() {
        long output = Math.max(Math.max(completion, 0), total - prompt);
        return new Usage(
                prompt,
                Math.clamp(cached, 0, prompt),
                output,
                Math.clamp(reasoning, 0, output),
                false);
    }

    private static long detail(JsonParser json, String wanted) throws IOException {
        long count = TokenCount.ABSENT;
        if (json.currentToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals(wanted)) {
                    count = TokenCount.read(json);
                } else {
                    json.skipChildren();
                }
            }
        } else {
            json.skipChildren();
        }
        return count;
    }
}
