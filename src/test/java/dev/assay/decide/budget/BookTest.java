package dev.assay.decide.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.budget.Grant.Ruling;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/// Whether a claim that is more than is left waits for what others may give back.
class BookTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final OptionalLong LIMIT = OptionalLong.of(100);
    private static final int FIRST = 0;
    private static final int SECOND = 1;

    @Test
    void waitsForAPurseThatLives() {
        Book book = granted(NOW);

        assertThat(ruling(book, NOW.plus(Book.SILENCE).minusMillis(1))).isEqualTo(Ruling.LATER);
    }

    @Test
    void waitsForNobodyWhoIsSilent() {
        Book book = granted(NOW);

        assertThat(ruling(book, NOW.plus(Book.SILENCE))).isEqualTo(Ruling.REFUSED);
    }

    @Test
    void aClockThatWasAheadKeepsNobodyAlive() {
        Book book = granted(NOW.plus(Duration.ofHours(1)));

        Book.Entry later = book.enter(claim(SECOND, 1), LIMIT, NOW);

        assertThat(later.grant().orElseThrow().ruling()).isEqualTo(Ruling.LATER);
        assertThat(ruling(later.book(), NOW.plus(Book.SILENCE))).isEqualTo(Ruling.REFUSED);
    }

    private static Book granted(Instant at) {
        return Book.EMPTY.enter(claim(FIRST, 1), LIMIT, at).book();
    }

    private static Ruling ruling(Book book, Instant at) {
        return book.enter(claim(SECOND, 2), LIMIT, at).grant().orElseThrow().ruling();
    }

    /// Needs more than half of what there is.
    private static Claim claim(int holder, long number) {
        return new Claim(
                Account.at(BudgetScope.tenant("acme"), NOW), holder, 1, number, 60, 60, 0, 0, 0, 0);
    }
}
