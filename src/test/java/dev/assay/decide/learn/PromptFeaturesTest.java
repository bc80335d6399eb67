package dev.assay.decide.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class PromptFeaturesTest {

    private static final LearnSettings SETTINGS = LearnSettings.DEFAULT;

    @Test
    void seesAnyNumberAsTheSameButForItsLength() {
        FeatureVector one = of("Tom has 12 apples.");
        FeatureVector other = of("Tom has 97 apples.");

        assertThat(one.write()).isEqualTo(other.write());
    }

    @Test
    void looksOnlyAtTheBeginning() {
        String beginning = "x y ".repeat(SETTINGS.prefixChars() / 4);

        FeatureVector one = of(beginning + "the end");
        FeatureVector other = of(beginning + "or not");

        assertThat(one.buckets()).containsExactlyInAnyOrder(other.buckets());
    }

    @Test
    void scalesTheFoldedNgramsToLengthOne() {
        FeatureVector x = of("How many apples are left?");

        double squares = 0;
        for (int i = 0; i < SETTINGS.projectedDims(); i++) {
            squares += x.dense()[i] * x.dense()[i];
        }

        assertThat(squares).isCloseTo(1, within(1e-5));
        assertThat(x.dense()[SETTINGS.denseDims() - 1]).isEqualTo(1);
    }

    @Test
    void leavesTheTaskOutWhereToldTo() {
        FeatureVector math =
                PromptFeatures.of("sum", Optional.of("math"), Optional.empty(), SETTINGS);
        FeatureVector code =
                PromptFeatures.of("sum", Optional.of("code"), Optional.empty(), SETTINGS);
        LearnSettings without = SETTINGS.withoutTask();

        assertThat(math.write()).isNotEqualTo(code.write());
        assertThat(PromptFeatures.of("sum", Optional.of("math"), Optional.empty(), without).write())
                .isEqualTo(
                        PromptFeatures.of("sum", Optional.of("code"), Optional.empty(), without)
                                .write());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a",
                "12345",
                "\uD83D\uDE00\uD83D",
                "Привет, мир! 你好",
                "for (;;) {\n}\n",
                "\u0000\u0001\n\r\t"
            })
    void survivesAnyTextAndTravelsUnchanged(String text) {
        FeatureVector x = of(text);

        FeatureVector arrived = FeatureVector.read(x.write(), SETTINGS);

        assertThat(arrived.write()).isEqualTo(x.write());
        assertThat(arrived.dense()).usingComparatorWithPrecision(1e-5f).containsExactly(x.dense());
        for (float value : x.dense()) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void survivesTextsMadeByChance() {
        Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            StringBuilder text = new StringBuilder();
            int size = random.nextInt(4000);
            for (int j = 0; j < size; j++) {
                text.append((char) random.nextInt(random.nextBoolean() ? 128 : 65536));
            }

            FeatureVector x = of(text.toString());

            assertThat(FeatureVector.read(x.write(), SETTINGS).write()).isEqualTo(x.write());
        }
    }

    @Test
    void namesWordsByTheBucketsTheyCountIn() {
        FeatureVector x = of("Prove the Lemma-42");

        List<String> words = new ArrayList<>();
        PromptFeatures.words(
                "Prove the Lemma-42",
                SETTINGS,
                (bucket, from, to) -> {
                    assertThat(x.buckets()).contains(bucket);
                    words.add("Prove the Lemma-42".substring(from, to));
                });

        assertThat(words).containsExactly("Prove", "the", "Lemma", "42");
    }

    @Test
    void refusesVectorsOfAnotherKind() {
        byte[] written = of("How many apples are left?").write();
        LearnSettings fewer = new LearnSettings(2000, 8, 512, true, true);

        assertThatThrownBy(() -> FeatureVector.read(written, fewer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("feature vector");
    }

    @Test
    void refusesSizesThatCannotBe() {
        assertThatThrownBy(() -> new LearnSettings(2000, 16, 500, true, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("power of two");
        assertThatThrownBy(() -> new LearnSettings(0, 16, 512, true, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("prefixChars is 0");
    }

    private static FeatureVector of(String text) {
        return PromptFeatures.of(text, Optional.empty(), Optional.empty(), SETTINGS);
    }
}
