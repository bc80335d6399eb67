package dev.assay.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// JSON as it stands on the wire: numbers keep their digits, nothing may follow the value.
public final class Json {

    /// The longest string value read, in characters; records are bounded well below.
    private static final int MAX_STRING_CHARS = 64 * 1024 * 1024;

    public static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build();

    static {
        MAPPER.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxStringLength(MAX_STRING_CHARS).build());
    }

    private static final ObjectReader TREE = MAPPER.readerFor(JsonNode.class);

    private Json() {}

    /// Reads a text that is one JSON object.
    ///
    /// @throws UnreadableJson if it is anything else; the message says where, and quotes nothing
    public static ObjectNode object(String text) {
        try {
            JsonNode node = TREE.readTree(text);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new UnreadableJson("it is no JSON object", !node.isMissingNode());
        } catch (JsonProcessingException e) {
            throw new UnreadableJson("it is no JSON: " + where(e), e);
        }
    }

    /// The text of a value.
    public static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree could not be written", e);
        }
    }

    /// What is wrong and where, without the text around it, which is private.
    private static String where(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        String what = message.split(" [(]?'| [(]start marker", 2)[0];
        return e.getLocation() == null
                ? what
                : what
                        + " at line "
                        + e.getLocation().getLineNr()
                        + ", column "
                        + e.getLocation().getColumnNr();
    }

    /// A text is not the JSON it should be.
    public static final class UnreadableJson extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final boolean otherValue;

        UnreadableJson(String message, boolean otherValue) {
            super(message);
            this.otherValue = otherValue;
        }

        UnreadableJson(String message, Throwable cause) {
            super(message, cause);
            this.otherValue = false;
        }

        /// It is JSON, but no object.
        public boolean isOtherValue() {
            return otherValue;
        }
    }
}
