package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.avro.Message;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

class ReadAheadTest {

    @Test
    void givesAllLinesInOrder() throws InputException {
        AtomicLong number = new AtomicLong();
        try (ReadAhead ahead =
                new ReadAhead(
                        () ->
                                number.incrementAndGet() <= 10_000
                                        ? Optional.of(line(number.get(), "short"))
                                        : Optional.empty())) {
            List<Long> numbers = new ArrayList<>();
            for (Optional<InputLine> line = ahead.next(); line.isPresent(); line = ahead.next()) {
                numbers.add(line.get().number());
            }
            assertThat(numbers).hasSize(10_000).isSorted().doesNotHaveDuplicates();
            assertThat(ahead.next()).isEmpty();
        }
    }

    @Test
    void failsBehindTheLinesThatWereRead() throws InputException {
        AtomicLong number = new AtomicLong();
        try (ReadAhead ahead =
                new ReadAhead(
                        () -> {
                            if (number.incrementAndGet() > 3) {
                                throw new InputException("cannot read it beyond line 3");
                            }
                            return Optional.of(line(number.get(), "short"));
                        })) {
            for (long line = 1; line <= 3; line++) {
                assertThat(ahead.next().orElseThrow().number()).isEqualTo(line);
            }
            assertThatThrownBy(ahead::next)
                    .isInstanceOf(InputException.class)
                    .hasMessage("cannot read it beyond line 3");
        }
    }

    @Test
    void aBugIsNoEndOfTheInput() {
        try (ReadAhead ahead =
                new ReadAhead(
                        () -> {
                            throw new IllegalStateException("a bug");
                        })) {
            assertThatThrownBy(ahead::next).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void readsOnlyAFewLongLinesAhead() throws InterruptedException {
        AtomicLong number = new AtomicLong();
        CountDownLatch several = new CountDownLatch(3);
        String megabyte = "x".repeat(1024 * 1024);
        ReadAhead ahead =
                new ReadAhead(
                        () -> {
                            several.countDown();
                            return Optional.of(line(number.incrementAndGet(), megabyte));
                        });
        several.await();
        ahead.close();
        assertThat(number.get()).isEqualTo(3);
    }

    private static InputLine line(long number, String text) {
        return new InputLine.Valid(
                number,
                PromptEvent.newBuilder()
                        .setId("line-" + number)
                        .setMessages(List.of(new Message("user", text)))
                        .setPriority(Priority.BULK)
                        .build());
    }
}
