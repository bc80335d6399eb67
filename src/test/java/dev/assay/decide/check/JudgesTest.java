package dev.assay.decide.check;

import static dev.assay.decide.check.CheckSamples.catalog;
import static dev.assay.decide.check.CheckSamples.judges;
import static dev.assay.decide.check.CheckSamples.model;
import static dev.assay.decide.check.CheckSamples.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.assay.decide.check.Judges.Judge;
import dev.assay.model.Catalog;
import dev.assay.model.ModelCard;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.IntStream;

class JudgesTest {

    private static final Catalog CATALOG =
            catalog(
                    model("llama-small", "llama"),
                    model("llama-large", "llama", "eu"),
                    model("gpt", "openai"),
                    model("claude", "anthropic", "eu", "local"),
                    model("unknown", ""),
                    model("unknown-too", ""));

    /// Judges are named in order; `*` marks those that would judge themselves or their family.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    false | gpt         | llama-small claude      | llama-small claude
                    false | gpt         | claude gpt llama-small  | claude llama-small
                    false | gpt         | gpt                     |
                    false | gpt         |                         |
                    false | llama-small | llama-large gpt         | gpt
                    false | llama-small | llama-large             | llama-large*
                    false | llama-small | llama-small llama-large | llama-large*
                    false | llama-small | llama-small             |
                    false | unknown     | unknown-too             | unknown-too
                    false | llama-small | llama-large unknown     | unknown
                    false | unknown     | unknown unknown-too     | unknown-too
                    false | retired     | llama-large gpt         | llama-large gpt
                    false | gpt         | claude claude           | claude
                    true  | llama-small | llama-small llama-large gpt | llama-small* llama-large* gpt
                    true  | gpt         | claude gpt llama-small  | claude gpt* llama-small
                    true  | unknown     | unknown unknown-too     | unknown* unknown-too
                    true  | retired     | llama-large             | llama-large
                    """)
    void modelJudgesNeitherItselfNorItsFamilyUnlessItMay(
            boolean allowSelf,
            String answering,
            @Nullable String named,
            @Nullable String eligible) {
        List<Judge> judges = Judges.eligible(judges(allowSelf, names(named)), answering, CATALOG);

        assertThat(judges)
                .extracting(judge -> judge.model() + (judge.self() ? "*" : ""))
                .containsExactly(names(eligible));
    }

    @Test
    void modelUnderTwoNamesJudgesNoAnswerOfItsOwn() {
        ModelCard plain = model("plain", "");
        ModelCard strict = sameModelAs(plain, "strict");
        Catalog catalog = catalog(plain, strict, model("other", ""));

        assertThat(Judges.eligible(judges(false, "strict", "other"), "plain", catalog))
                .containsExactly(new Judge("other", false));
        assertThat(Judges.eligible(judges(false, "strict"), "plain", catalog)).isEmpty();
        assertThat(Judges.eligible(judges(true, "strict"), "plain", catalog))
                .containsExactly(new Judge("strict", true));
    }

    @Test
    void judgeOutsideTheTopologyFileIsABrokenPolicy() {
        assertThatThrownBy(() -> Judges.eligible(judges(false, "nobody"), "gpt", CATALOG))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("nobody");
    }

    @Test
    void nobodyOfTheFamilyJudgesUnmarkedWhateverTheNames() {
        Random random = new Random(7);

        for (int run = 0; run < 2_000; run++) {
            boolean allowSelf = random.nextBoolean();
            List<String> shuffled = new ArrayList<>(CATALOG.models().keySet());
            Collections.shuffle(shuffled, random);
            List<String> named = shuffled.subList(0, 1 + random.nextInt(shuffled.size()));
            ModelCard answering = CATALOG.card(shuffled.get(random.nextInt(shuffled.size())));

            List<Judge> judges =
                    Judges.eligible(
                            judges(allowSelf, named.toArray(String[]::new)),
                            answering.name(),
                            CATALOG);

            assertThat(judges)
                    .allSatisfy(
                            judge ->
                                    assertThat(judge.self())
                                            .isEqualTo(isKin(judge.model(), answering)));
            assertThat(judges).extracting(Judge::model).isSubsetOf(named);
            assertThat(judges.stream().anyMatch(judge -> judge.model().equals(answering.name())))
                    .isEqualTo(allowSelf && named.contains(answering.name()));
            assertThat(judges.stream().map(judge -> named.indexOf(judge.model())).toList())
                    .isSorted();
            if (!allowSelf) {
                assertThat(judges.stream().map(Judge::self).distinct().toList()).hasSizeLessThan(2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.1, 0.5, 0.9, 1})
    void shareOfPromptsIsSampled(double share) {
        long sampled = ids().stream().filter(id -> Judges.sampled(sample(share), id)).count();

        assertThat(sampled / 20_000.0).isCloseTo(share, within(0.01));
    }

    @Test
    void everyPromptIsSampledAtOneAndNoneAtZero() {
        assertThat(ids()).allMatch(id -> Judges.sampled(sample(1), id));
        assertThat(ids()).noneMatch(id -> Judges.sampled(sample(0), id));
    }

    @Test
    void largerShareKeepsWhatASmallerOneDrew() {
        List<String> few = ids().stream().filter(id -> Judges.sampled(sample(0.2), id)).toList();

        assertThat(few).isNotEmpty().allMatch(id -> Judges.sampled(sample(0.3), id));
    }

    /// The numbers were made with another program; they change only with the published meaning of
    /// `sample`.
    @ParameterizedTest
    @CsvSource({
        "p-1, 0.38019393537223245",
        "job/17, 0.029445390713442876",
        "Grüße 😀, 0.7771516125468388"
    })
    void drawIsTheSameInEveryVersion(String id, double fraction) {
        assertThat(StableHash.fraction("check.sample", id)).isEqualTo(fraction);
        assertThat(Judges.sampled(sample(fraction), id)).isFalse();
        assertThat(Judges.sampled(sample(Math.nextUp(fraction)), id)).isTrue();
    }

    private static List<String> ids() {
        return IntStream.range(0, 20_000).mapToObj(i -> "prompt-" + i).toList();
    }

    private static boolean isKin(String judge, ModelCard answering) {
        return judge.equals(answering.name()) || CATALOG.card(judge).sameFamily(answering);
    }

    private static ModelCard sameModelAs(ModelCard other, String name) {
        return new ModelCard(
                name,
                other.identity(),
                other.family(),
                other.price(),
                other.contextTokens(),
                other.maxOutputTokens(),
                other.tags(),
                other.retry(),
                false);
    }

    private static String[] names(@Nullable String list) {
        return list == null ? new String[0] : list.split(" ");
    }
}
