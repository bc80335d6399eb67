package dev.assay.provider.reply;

import com.fasterxml.jackson.core.JsonParser;

import java.io.IOException;

/// A count of tokens, as the usage of a reply has it.
public final class TokenCount {

    /// Of what was not counted.
    public static final long ABSENT = -1;

    /// More than any reply can use: a counter that ran over, or -1 without its sign. To believe it
    /// would take a lane with tokens_per_minute out for days.
    static final double MOST = 1e9;

    private TokenCount() {}

    /// Reads the value that the parser is at; `ABSENT` where it is no count.
    public static long read(JsonParser json) throws IOException {
        if (!json.currentToken().isNumeric()) {
            json.skipChildren();
            return ABSENT;
        }
        // By way of a double, which no number overflows; token counts are far below its precision.
        double count = json.getDoubleValue();
        return count > MOST ? ABSENT : Math.max(0, (long) count);
    }
}
