package dev.assay.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Whether a Docker engine can be talked to. Asked before Testcontainers, which is slow and loud
/// where there is none.
final class DockerEngine {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String PING = "GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n";

    private DockerEngine() {}

    static boolean answers() {
        return address().filter(DockerEngine::answersPing).isPresent();
    }

    private static Optional<SocketAddress> address() {
        Optional<String> told = Optional.ofNullable(System.getenv("DOCKER_HOST"));
        if (told.isPresent()) {
            return told.map(URI::create).flatMap(DockerEngine::addressIn);
        }
        String home = System.getProperty("user.home");
        return Stream.concat(
                        Stream.of(
                                Path.of("/var/run/docker.sock"),
                                Path.of(home, ".docker/run/docker.sock"),
                                Path.of(home, ".docker/desktop/docker.sock")),
                        Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR")).stream()
                                .map(run -> Path.of(run, "docker.sock")))
                .filter(Files::exists)
                .findFirst()
                .map(UnixDomainSocketAddress::of);
    }

    private static Optional<SocketAddress> addressIn(URI host) {
        return switch (host.getScheme()) {
            case "unix" -> Optional.of(UnixDomainSocketAddress.of(host.getPath()));
            case "tcp" -> Optional.of(new InetSocketAddress(host.getHost(), host.getPort()));
            case String other -> Optional.empty();
        };
    }

    private static boolean answersPing(SocketAddress address) {
        try (SocketChannel channel = open(address)) {
            return CompletableFuture.supplyAsync(() -> ping(channel, address))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static SocketChannel open(SocketAddress address) throws IOException {
        return address instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
    }

    private static boolean ping(SocketChannel channel, SocketAddress address) {
        try {
            channel.connect(address);
            channel.write(ByteBuffer.wrap(PING.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer reply = ByteBuffer.allocate(1024);
            channel.read(reply);
            String head = new String(reply.array(), 0, reply.position(), StandardCharsets.US_ASCII);
            return head.contains(" 200 ");
        } catch (IOException e) {
            return false;
        }
    }
}
