package dev.assay.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import dev.assay.model.Usage;

import java.io.IOException;

/// The `usage` of a reply. Absent counts are -1.
record TokenCounts(long prompt, long completion, long total, long cached, long reasoning) {

    private static final long ABSENT = -1;

    /// Reads the value that the parser is at.
    static TokenCounts read(JsonParser json) throws IOException {
        long prompt = ABSENT;
        long completion = ABSENT;
        long total = ABSENT;
        long cached = ABSENT;
        long reasoning = ABSENT;
        if (json.currentToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "prompt_tokens" -> prompt = count(json);
                    case "completion_tokens" -> completion = count(json);
                    case "total_tokens" -> total = count(json);
                    // DeepSeek's own name for what others put into the details.
                    case "prompt_cache_hit_tokens" -> cached = Math.max(cached, count(json));
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
        long count = ABSENT;
        if (json.currentToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals(wanted)) {
                    count = count(json);
                } else {
                    json.skipChildren();
                }
            }
        } else {
            json.skipChildren();
        }
        return count;
    }

    private static long count(JsonParser json) throws IOException {
        if (json.currentToken().isNumeric()) {
            // By way of a double, which no number overflows; token counts are far below its
            // precision.
            return Math.max(0, (long) json.getDoubleValue());
        }
        json.skipChildren();
        return ABSENT;
    }
}
