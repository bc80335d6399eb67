package dev.assay.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;

/// How JSON is read on the way to models and back.
public final class JsonText {

    /// More buffers than threads that parse at the same moment are of no use.
    private static final int POOLED_BUFFERS = 64;

    /// Jackson keeps its buffers by thread unless told otherwise, which is to throw them away where
    /// every call has a thread of its own; and it interns field names, which those who write
    /// requests could make too many of.
    public static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.newBoundedPool(POOLED_BUFFERS))
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build();

    private static final int ROOM_FOR_ESCAPES_CHARS = 16;

    private JsonText() {}

    /// A name or text as a JSON string.
    public static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + ROOM_FOR_ESCAPES_CHARS).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, out);
        return out.append('"').toString();
    }
}
