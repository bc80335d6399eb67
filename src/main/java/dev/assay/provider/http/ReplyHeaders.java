package dev.assay.provider.http;

import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

import java.util.Optional;

/// The headers of a reply. Names are compared without regard to case.
public final class ReplyHeaders {

    public static final ReplyHeaders NONE = new ReplyHeaders();

    private final Header[] headers;

    ReplyHeaders(Header... headers) {
        this.headers = headers;
    }

    /// Headers from names and values in turns.
    public static ReplyHeaders of(String... namesAndValues) {
        Header[] headers = new Header[namesAndValues.length / 2];
        for (int i = 0; i < headers.length; i++) {
            headers[i] = new BasicHeader(namesAndValues[2 * i], namesAndValues[2 * i + 1]);
        }
        return new ReplyHeaders(headers);
    }

    /// The value of the first header of that name, trimmed; empty where there is none or it is
    /// blank.
    public Optional<String> first(String name) {
        for (Header header : headers) {
            if (header.getName().equalsIgnoreCase(name)) {
                return Optional.ofNullable(header.getValue())
                        .map(String::trim)
                        .filter(value -> !value.isEmpty());
            }
        }
        return Optional.empty();
    }
}
