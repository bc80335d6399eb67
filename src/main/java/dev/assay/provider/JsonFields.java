package dev.assay.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;

/// Walks the fields of a JSON object and hands out values as the text they were written in, so that
/// what is passed on stays exactly as its user wrote it, and is not built up as a tree to be
/// written down again.
public final class JsonFields implements AutoCloseable {

    private final String json;
    private final JsonParser parser;
    private String name = "";

    /// @throws IOException if the text does not begin as a JSON object
    public JsonFields(String json) throws IOException {
        this.json = json;
        this.parser = JsonText.FACTORY.createParser(json);
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("not a JSON object");
        }
    }

    /// Steps to the next field and to the begin of its value; false at the end of the object. The
    /// value has to be read, copied or skipped before the next step.
    ///
    /// @throws IOException if the text is no JSON, or goes on after the object
    public boolean next() throws IOException {
        if (parser.nextToken() == JsonToken.FIELD_NAME) {
            name = parser.currentName();
            parser.nextToken();
            return true;
        }
        if (parser.nextToken() != null) {
            throw new IOException("text after the end of the JSON object");
        }
        return false;
    }

    public String name() {
        return name;
    }

    public boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /// The parser at the value of the current field, for those who look into it.
    public JsonParser parser() {
        return parser;
    }

    public void skip() throws IOException {
        parser.skipChildren();
    }

    /// Passes the value by and appends it as it was written.
    public void copyTo(StringBuilder out) throws IOException {
        int begin = begin();
        parser.skipChildren();
        out.append(json, begin, end());
    }

    /// Where in the text the token begins that the parser is at.
    public int begin() {
        return (int) parser.currentTokenLocation().getCharOffset();
    }

    /// Where in the text the token ends that the parser is at.
    public int end() throws IOException {
        parser.finishToken();
        return (int) parser.currentLocation().getCharOffset();
    }

    public String slice(int begin, int end) {
        return json.substring(begin, end);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
