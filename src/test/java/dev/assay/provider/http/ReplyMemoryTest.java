package dev.assay.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.provider.http.ReplyMemory.Share;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.File;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

@Timeout(120)
class ReplyMemoryTest {

    private static final long SOON = Duration.ofMillis(1).toNanos();
    private static final long LONG = Duration.ofMinutes(1).toNanos();

    private final ReplyMemory memory = new ReplyMemory(100 << 10);

    @Test
    void whoFindsNoRoomIsToldWhichLimitToRaise() throws Exception {
        try (Share first = memory.share(in(LONG));
                Share second = memory.share(in(SOON))) {
            first.take(60 << 10);

            assertThatThrownBy(() -> second.take(60 << 10))
                    .isInstanceOf(BrokenBodyException.class)
                    .hasMessageContaining("engine.reply_memory_bytes");
        }
    }

    @Test
    void whatAReplyHeldIsFreeAfterIt() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Share share = memory.share(in(SOON))) {
                share.take(90 << 10);
                // It has all it may need already.
                share.take(90 << 10);
            }
        }
    }

    @Test
    void moreThanThereIsTakesAllThereIs() throws Exception {
        try (Share share = memory.share(in(SOON))) {
            share.take(1L << 40);
        }
    }

    @Test
    void whoWaitsGoesOnOnceThereIsRoom() throws Exception {
        Share first = memory.share(in(LONG));
        first.take(60 << 10);
        Thread waiting =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try (Share second = memory.share(in(LONG))) {
                                        second.take(60 << 10);
                                    } catch (BrokenBodyException | InterruptedIOException e) {
                                        throw new AssertionError(e);
                                    }
                                });

        first.close();

        assertThat(waiting.join(Duration.ofSeconds(60))).isTrue();
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        try (Share first = memory.share(in(LONG));
                Share second = memory.share(in(LONG))) {
            first.take(60 << 10);
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> second.take(60 << 10))
                    .isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    /// In a JVM of its own, whose heap holds an eighth of what the replies would take.
    @Test
    void hundredsOfHugeRepliesAtOnceFitIntoASmallHeap() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx96m",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-cp",
                                System.getProperty("java.class.path"),
                                HugeReplies.class.getName())
                        .redirectErrorStream(true)
                        .redirectOutput(File.createTempFile("huge-replies", ".txt"))
                        .start();
        try {
            assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static long in(long nanos) {
        return System.nanoTime() + nanos;
    }
}
