package dev.assay.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// TCP ports of 127.0.0.1, the only address that the local stack listens on.
final class LoopbackPorts {

    static final String HOST = "127.0.0.1";

    private static final byte[] ADDRESS = {127, 0, 0, 1};

    private static final int BACKLOG = 1;

    private LoopbackPorts() {}

    /// As many different ports as asked for, free at this moment. Somebody else may take one before
    /// it is used.
    static List<Integer> free(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(bind(0));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("No free port on " + HOST, e);
        } finally {
            held.forEach(LoopbackPorts::release);
        }
    }

    /// @param service who wants to listen there
    /// @param option what the command line calls the port
    /// @throws LocalStackException where somebody listens on the port already, or this user may not
    static void requireFree(int port, String service, String option) {
        try {
            release(bind(port));
        } catch (IOException e) {
            throw new LocalStackException(
                    "%s cannot listen on port %d of %s (%s). End whoever does, or choose another port with %s; 0 takes a free one."
                            .formatted(service, port, HOST, e.getMessage(), option),
                    e);
        }
    }

    static InetSocketAddress address(int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByAddress(HOST, ADDRESS), port);
    }

    private static ServerSocket bind(int port) throws IOException {
        InetSocketAddress address = address(port);
        return new ServerSocket(address.getPort(), BACKLOG, address.getAddress());
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
