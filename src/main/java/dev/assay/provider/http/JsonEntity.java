package dev.assay.provider.http;

import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A JSON body that remembers whether it was sent: from then on a provider may have begun to work,
/// and to bill.
final class JsonEntity extends AbstractHttpEntity {

    private final byte[] json;
    private volatile boolean sent;

    JsonEntity(byte[] json) {
        super(ContentType.APPLICATION_JSON.getMimeType(), null);
        this.json = json;
    }

    boolean sent() {
        return sent;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(json);
        out.flush();
        sent = true;
    }

    @Override
    public InputStream getContent() {
        return new ByteArrayInputStream(json);
    }

    @Override
    public long getContentLength() {
        return json.length;
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public boolean isStreaming() {
        return false;
    }

    @Override
    public void close() {}
}
