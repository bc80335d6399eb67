package dev.assay.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;

import dev.assay.decide.check.JsonObjects;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The JSON object of a judge's reply, read strictly. Safe for any thread.
public final class JudgeReplies implements JsonObjects {

    private static final ObjectReader READER =
            Json.MAPPER
                    .readerFor(new TypeReference<Map<String, Object>>() {})
                    .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @Override
    public Optional<Map<String, Object>> parse(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return Optional.empty();
        }
        try {
            Map<String, Object> members =
                    new HashMap<>(READER.<Map<String, Object>>readValue(text));
            members.values().removeIf(Objects::isNull);
            return Optional.of(members);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
