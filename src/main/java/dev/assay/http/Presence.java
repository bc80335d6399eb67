package dev.assay.http;

import io.javalin.http.Context;

import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.BufferUtil;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Whether whoever sent a request still waits for its answer.
///
/// A server hears that a connection was closed only where it reads from it, and none reads while a
/// request is worked on. So this reads a little: what comes of that is either the end, or the
/// beginning of the caller's next request, which is handed back to the connection.
public final class Presence {

    private static final int SIP_BYTES = 1;

    private Presence() {}

    /// True once the caller has closed the connection. For the thread that works on the request,
    /// when the request's body has been read.
    public static boolean gone(Context context) {
        Connection connection =
                ServletContextRequest.getServletContextRequest(context.req())
                        .getConnectionMetaData()
                        .getConnection();
        if (!(connection instanceof Connection.UpgradeTo takesBack)) {
            return !connection.getEndPoint().isOpen();
        }
        ByteBuffer sip = BufferUtil.allocate(SIP_BYTES);
        try {
            int read = connection.getEndPoint().fill(sip);
            if (read > 0) {
                takesBack.onUpgradeTo(sip);
            }
            return read < 0;
        } catch (IOException _) {
            return true;
        }
    }
}
