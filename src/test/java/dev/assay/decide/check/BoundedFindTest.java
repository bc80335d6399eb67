package dev.assay.decide.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.check.BoundedFind.Found;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;
import java.util.regex.Pattern;

class BoundedFindTest {

    @ParameterizedTest
    @CsvSource({
        "(x+x+)+y, x, 200",
        "(.*a){12}$, a, 100",
        "([a-z]+)*=\\1, a, 100",
        "(.*)(.*)(.*)(.*)(.*)[0-9]z, a, 500",
        "(?s).*x.*y, a, 5000"
    })
    void searchThatWouldNotEndGivesUp(String pattern, String unit, int times) {
        Found found = BoundedFind.find(Pattern.compile(pattern), unit.repeat(times) + "!");

        assertThat(found).isEqualTo(Found.GAVE_UP);
    }

    @Test
    void searchThatNeedsTooDeepAStackGivesUp() {
        Found found = BoundedFind.find(Pattern.compile("(?:a|b|cd)*e"), "abcd".repeat(500_000));

        assertThat(found).isEqualTo(Found.GAVE_UP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\bneedle\\b", "(?i)NEEDLE", "n[e]{2}dle$", "(?s)hay.{1,30}needle"})
    void ordinaryPatternIsFoundAtTheEndOfALongText(String pattern) {
        String text = "hay ".repeat(50_000) + "needle";

        assertThat(BoundedFind.find(Pattern.compile(pattern), text)).isEqualTo(Found.FOUND);
    }

    @Test
    void searchEndsAsWithoutABound() {
        SplittableRandom random = new SplittableRandom(20_250_601);
        Pattern pattern = Pattern.compile("(?<first>[abc])x?\\k<first>[^a]|^c+$|(?<=b)cc\\b");

        for (int run = 0; run < 2_000; run++) {
            StringBuilder text = new StringBuilder();
            random.ints(random.nextInt(12), 'a', 'e').forEach(text::appendCodePoint);

            boolean unbounded = pattern.matcher(text).find();

            assertThat(BoundedFind.find(pattern, text.toString()))
                    .as("in %s", text)
                    .isEqualTo(unbounded ? Found.FOUND : Found.NOT_FOUND);
        }
    }
}
