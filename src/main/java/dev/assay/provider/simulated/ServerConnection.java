package dev.assay.provider.simulated;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;

/// One connection to the simulated server: what has arrived of it and what is still to be written.
final class ServerConnection {

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] NOTHING = {};
    private static final int FIRST_BUFFER_BYTES = 2 << 10;
    private static final int LARGEST_KEPT_BUFFER_BYTES = 32 << 10;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final int maxRequestBytes;
    private byte[] received = NOTHING;
    private int receivedBytes;
    private Optional<RequestHead> head = Optional.empty();
    private ByteBuffer reply = ByteBuffer.wrap(NOTHING);
    private boolean answering;
    private boolean last;

    ServerConnection(SocketChannel channel, Selector selector, int maxRequestBytes)
            throws IOException {
        this.channel = channel;
        this.maxRequestBytes = maxRequestBytes;
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /// Takes in what has arrived; false where the client has closed, or sends more than is allowed.
    boolean read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        int count = channel.read(buffer);
        if (count < 0) {
            return false;
        }
        if (receivedBytes + count > received.length) {
            int atLeast = Math.max(receivedBytes + count, FIRST_BUFFER_BYTES);
            received =
                    Arrays.copyOf(
                            received, Math.max(atLeast, Math.min(2 * received.length, maxBytes())));
        }
        buffer.flip().get(received, receivedBytes, count);
        receivedBytes += count;
        return receivedBytes <= maxBytes();
    }

    /// Whether a whole request has arrived, or one that is refused by its head.
    boolean hasRequest() throws IOException {
        if (head.isEmpty() && receivedBytes > 0) {
            head = RequestHead.parse(received, receivedBytes, maxRequestBytes);
            if (head.isPresent() && head.get().expectsContinue()) {
                channel.write(ByteBuffer.wrap(CONTINUE));
            }
        }
        return head.isPresent() && receivedBytes >= head.get().headBytes() + head.get().bodyBytes();
    }

    /// The head of the request that has arrived.
    RequestHead head() {
        return head.orElseThrow();
    }

    /// What has arrived, the head first.
    byte[] bytes() {
        return received;
    }

    /// Takes the reply to the request, which is removed from what has arrived. It is written by
    /// [#flush].
    void answer(byte[] encoded) {
        reply = ByteBuffer.wrap(encoded);
        removeRequest();
        answering = true;
    }

    /// Writes what can be written; true when the reply is out.
    boolean flush() throws IOException {
        channel.write(reply);
        if (reply.hasRemaining()) {
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            return false;
        }
        if ((key.interestOps() & SelectionKey.OP_WRITE) != 0) {
            key.interestOps(SelectionKey.OP_READ);
        }
        answering = false;
        return true;
    }

    /// Whether a reply is to come or to be written to its end.
    boolean isAnswering() {
        return answering;
    }

    /// Whether the connection ends with the reply.
    boolean isLast() {
        return last;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /// Closes; false where it was closed before.
    boolean close() {
        if (!channel.isOpen()) {
            return false;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
        return true;
    }

    private void removeRequest() {
        RequestHead taken = head();
        int end = taken.headBytes() + taken.bodyBytes();
        receivedBytes -= end;
        if (receivedBytes == 0 && received.length > LARGEST_KEPT_BUFFER_BYTES) {
            received = NOTHING;
        } else if (receivedBytes > 0) {
            System.arraycopy(received, end, received, 0, receivedBytes);
        }
        head = Optional.empty();
        last = !taken.keepAlive();
    }

    private int maxBytes() {
        return maxRequestBytes + RequestHead.MAX_HEAD_BYTES;
    }
}
