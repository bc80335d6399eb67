package dev.assay.provider.simulated;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/// The simulated server's one thread: accepts, reads, waits for replies to become due, and writes.
final class ServerLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerLoop.class);
    private static final int READ_BUFFER_BYTES = 64 << 10;

    private final ServerSocketChannel acceptor;
    private final SelectionKey acceptKey;
    private final Selector selector;
    private final SimulatedApi api;
    private final int maxRequestBytes;
    private final int maxConnections;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private long requests;
    private int connections;
    private volatile boolean stopped;

    /// A reply that waits for its time.
    private record Due(
            long atNanos, long number, ServerConnection connection, Optional<ModelTraffic> inFlight)
            implements Comparable<Due> {

        @Override
        public int compareTo(Due other) {
            // By difference, as System.nanoTime() asks for.
            int byTime = Long.signum(atNanos - other.atNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /// @param acceptor bound already; closed by this loop
    ServerLoop(
            ServerSocketChannel acceptor, SimulatedApi api, int maxRequestBytes, int maxConnections)
            throws IOException {
        this.acceptor = acceptor;
        this.api = api;
        this.maxRequestBytes = maxRequestBytes;
        this.maxConnections = maxConnections;
        this.selector = Selector.open();
        acceptor.configureBlocking(false);
        this.acceptKey = acceptor.register(selector, SelectionKey.OP_ACCEPT);
    }

    /// Ends the loop, from any thread.
    void stop() {
        stopped = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                waitForWork();
                sendDue();
            }
        } catch (IOException e) {
            LOG.error("the simulated models stop: the selector failed", e);
        } finally {
            closeAll();
        }
    }

    private void waitForWork() throws IOException {
        Due next = due.peek();
        long waitNanos = next == null ? Long.MAX_VALUE : next.atNanos - System.nanoTime();
        if (waitNanos <= 0) {
            selector.selectNow(this::handle);
        } else if (next == null) {
            selector.select(this::handle);
        } else {
            // Rounded up: a reply up to a millisecond late costs less than looking twice.
            selector.select(this::handle, TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1);
        }
    }

    private void sendDue() {
        long now = System.nanoTime();
        for (Due next = due.peek(); next != null && next.atNanos - now <= 0; next = due.peek()) {
            due.remove();
            api.ended(next.inFlight);
            if (next.connection.isOpen()) {
                goOn(next.connection);
            }
        }
    }

    private void handle(SelectionKey key) {
        if (key.isValid() && key.isAcceptable()) {
            accept();
        } else if (key.attachment() instanceof ServerConnection connection) {
            if (key.isValid() && key.isReadable()) {
                read(connection);
            }
            if (key.isValid() && key.isWritable()) {
                goOn(connection);
            }
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = acceptor.accept();
                    channel != null;
                    channel = acceptor.accept()) {
                if (connections >= maxConnections) {
                    channel.close();
                } else {
                    connections++;
                    new ServerConnection(channel, selector, maxRequestBytes);
                }
            }
        } catch (IOException e) {
            // Most likely out of file descriptors: accept no more until one is given back.
            LOG.warn("a connection cannot be accepted: {}", e.toString());
            acceptKey.interestOps(0);
        }
    }

    private void read(ServerConnection connection) {
        try {
            if (!connection.read(readBuffer)) {
                close(connection);
                return;
            }
            answerNext(connection);
        } catch (IOException e) {
            close(connection);
        }
    }

    /// Answers the requests that have arrived whole; the next one only when the one before has its
    /// reply.
    private void answerNext(ServerConnection connection) throws IOException {
        while (connection.isOpen() && !connection.isAnswering() && connection.hasRequest()) {
            long now = System.nanoTime();
            RequestHead head = connection.head();
            ServerReply reply = api.reply(head, connection.bytes(), head.headBytes(), now);
            connection.answer(reply.encoded(++requests, head.keepAlive()));
            if (reply.delay().isZero()) {
                flush(connection);
            } else {
                api.began(reply.inFlight());
                due.add(
                        new Due(
                                now + reply.delay().toNanos(),
                                requests,
                                connection,
                                reply.inFlight()));
            }
        }
    }

    /// Writes what is due, and then answers what has arrived meanwhile.
    private void goOn(ServerConnection connection) {
        try {
            flush(connection);
            answerNext(connection);
        } catch (IOException e) {
            close(connection);
        }
    }

    private void flush(ServerConnection connection) throws IOException {
        if (connection.flush() && connection.isLast()) {
            close(connection);
        }
    }

    private void close(ServerConnection connection) {
        if (connection.close()) {
            connections--;
            acceptKey.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    private void closeAll() {
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof ServerConnection connection) {
                connection.close();
            }
        }
        try {
            acceptor.close();
            selector.close();
        } catch (IOException e) {
            LOG.warn("the simulated models' port was not closed in order: {}", e.toString());
        }
    }
}
