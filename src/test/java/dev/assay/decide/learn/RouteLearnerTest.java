package dev.assay.decide.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

class RouteLearnerTest {

    private static final String FIRST_VERSION = "/golden/RouteLearner-v1.bin";
    private static final LearnSettings SMALL = new LearnSettings(500, 10, 64, true, true);

    private static final String[] EASY = {"add", "two", "numbers", "sum", "apples"};
    private static final String[] HARD = {"prove", "theorem", "lemma", "integral", "manifold"};

    @Test
    void learnsWhichPromptsNeedTheStrongModel() {
        RouteLearner learner = taught(SMALL, 400, true);

        Predictor predictor = learner.predictor();

        FeatureVector easy = vector("please sum the numbers of apples", SMALL);
        FeatureVector hard = vector("please prove the lemma on the manifold", SMALL);
        assertThat(predictor.predict(easy, "weak").mean()).isGreaterThan(7.5);
        assertThat(predictor.predict(hard, "weak").mean()).isLessThan(5);
        assertThat(predictor.predict(hard, "strong").mean()).isGreaterThan(7.5);
        assertThat(predictor.gap(hard, "weak", "strong"))
                .isGreaterThan(predictor.gap(easy, "weak", "strong") + 2);
    }

    @Test
    void learnsFromTheGradesOfOnlyTheModelThatWasCalled() {
        RouteLearner learner = taught(SMALL, 800, false);

        Predictor predictor = learner.predictor();

        FeatureVector easy = vector("please sum the numbers of apples", SMALL);
        FeatureVector hard = vector("please prove the lemma on the manifold", SMALL);
        assertThat(predictor.gap(hard, "weak", "strong"))
                .isGreaterThan(predictor.gap(easy, "weak", "strong") + 2);
    }

    @Test
    void isSurerTheMoreGradesThereAre() {
        FeatureVector x = vector("please sum the numbers", SMALL);

        Prediction few = taught(SMALL, 20, true).predictor().predict(x, "weak");
        Prediction many = taught(SMALL, 500, true).predictor().predict(x, "weak");

        assertThat(many.sd()).isLessThan(few.sd() / 2).isPositive();
        assertThat(many.observations()).isEqualTo(500);
    }

    @Test
    void expectsOfAnUnknownModelWhatTheOthersDo() {
        Predictor predictor = taught(SMALL, 200, true).predictor();
        FeatureVector x = vector("please sum the numbers", SMALL);

        Prediction unknown = predictor.predict(x, "new");

        double weak = predictor.predict(x, "weak").mean();
        double strong = predictor.predict(x, "strong").mean();
        assertThat(unknown.mean()).isCloseTo((weak + strong) / 2, within(1e-6));
        assertThat(unknown.observations()).isZero();
        assertThat(unknown.sd()).isGreaterThan(predictor.predict(x, "weak").sd());
    }

    @Test
    void drawsAModelWithOneGradeToTheMeanOfTheOthers() {
        RouteLearner learner = taught(SMALL, 200, true);
        learner.observe(vector("please sum the numbers", SMALL), "new", 0, 1);

        Prediction once = learner.predictor().predict(vector("integral", SMALL), "new");

        assertThat(once.mean()).isBetween(2.0, 7.0);
    }

    @Test
    void survivesARestartWithTheSamePredictions() {
        RouteLearner learner = taught(SMALL, 300, true);
        learner.observe(vector("sum", SMALL), "weak", 3, 2); // the models part
        FeatureVector x = vector("please prove the sum", SMALL);

        RouteLearner again = RouteLearner.read(learner.write(), SMALL);

        assertThat(again.write()).isEqualTo(learner.write());
        assertThat(again.predictor().predict(x, "weak"))
                .isEqualTo(learner.predictor().predict(x, "weak"));
    }

    @Test
    void addsLateGradesInAnyOrder() {
        RouteLearner one = new RouteLearner(SMALL);
        RouteLearner other = new RouteLearner(SMALL);
        FeatureVector first = vector("sum two numbers", SMALL);
        FeatureVector second = vector("prove a lemma", SMALL);

        one.observe(first, "weak", 8, 1);
        one.observe(second, "weak", 2, 1);
        other.observe(second, "weak", 2, 1);
        other.observe(first, "weak", 8, 1);

        assertThat(one.predictor().predict(first, "weak").mean())
                .isCloseTo(other.predictor().predict(first, "weak").mean(), within(1e-4));
    }

    @Test
    void ignoresAndCountsWhatIsNoGrade() {
        RouteLearner learner = taught(SMALL, 50, true);
        byte[] before = learner.predictor().write();
        FeatureVector x = vector("sum", SMALL);

        learner.observe(x, "weak", Double.NaN, 1);
        learner.observe(x, "weak", Double.POSITIVE_INFINITY, 1);
        learner.observe(x, "weak", 10.5, 1);
        learner.observe(x, "weak", -1, 1);
        learner.observe(x, "weak", 5, Double.NaN);
        learner.observe(x, "weak", 5, 0);

        assertThat(learner.ignored()).isEqualTo(6);
        assertThat(learner.predictor().write()).isEqualTo(before);
    }

    @Test
    void survivesTextWithoutAnything() {
        RouteLearner learner = new RouteLearner(SMALL);
        FeatureVector nothing = vector("", SMALL);
        for (int i = 0; i < 50; i++) {
            learner.observe(nothing, "weak", 6, Double.POSITIVE_INFINITY);
        }

        Prediction prediction = learner.predictor().predict(nothing, "weak");

        assertThat(prediction.mean()).isCloseTo(6, within(0.2));
        assertThat(prediction.sd()).isFinite();
    }

    @Test
    void forgetsWhatDecays() {
        RouteLearner learner = taught(SMALL, 300, true);
        learner.decay(0.01);
        for (int i = 0; i < 100; i++) {
            learner.observe(vector("prove lemma " + i, SMALL), "weak", 9, 1);
        }

        Prediction hard = learner.predictor().predict(vector("prove lemma", SMALL), "weak");

        assertThat(hard.mean()).isGreaterThan(8);
    }

    /// Written by the version whose second view of n-grams held mean errors.
    @Test
    void readsWhatTheFirstVersionWrote() throws IOException {
        LearnSettings tiny = new LearnSettings(100, 8, 16, true, true);
        byte[] written;
        try (InputStream in = RouteLearnerTest.class.getResourceAsStream(FIRST_VERSION)) {
            written = Objects.requireNonNull(in, FIRST_VERSION).readAllBytes();
        }

        Predictor predictor = RouteLearner.read(written, tiny).predictor();

        assertThat(predictor.observations()).isEqualTo(400);
        assertThat(predictor.predict(vector("prove the lemma", tiny), "weak").mean()).isLessThan(5);
        assertThat(predictor.predict(vector("add the sum", tiny), "weak").mean()).isGreaterThan(7);
    }

    /// Sums over each word alone cannot know that a word only stands beside the one that decides.
    @Test
    void learnsWhichOfTwoWordsDecidesWhereTheyMostlyComeTogether() {
        LearnSettings fewDims = new LearnSettings(500, 14, 16, true, true);
        String[] hardWords = {
            "integral", "lemma", "topology", "eigenvalue", "manifold", "cohomology"
        };
        String[] easyWords = {"addition", "spelling", "weather", "greeting", "rhyme", "capital"};
        RouteLearner learner = new RouteLearner(fewDims);
        Random random = new Random(7);
        for (int i = 0; i < 3_000; i++) {
            boolean hard = random.nextBoolean();
            String decides = (hard ? hardWords : easyWords)[random.nextInt(6)];
            String beside = random.nextInt(10) > 0 == hard ? "homework" : "newsletter";
            String text = "%s %s %d".formatted(decides, beside, random.nextInt(1000));
            learner.observe(vector(text, fewDims), "m", hard ? 2 : 9, 1);
        }
        Predictor predictor = learner.predictor();

        double hard = predictor.predict(vector("integral newsletter", fewDims), "m").mean();
        double easy = predictor.predict(vector("weather homework", fewDims), "m").mean();

        assertThat(hard).isLessThan(1.8);
        assertThat(easy).isGreaterThan(9.2);
    }

    /// A step that overshoots would grow with each prompt.
    @Test
    void heavyGradesOfShortPromptsNeverRunAway() {
        RouteLearner learner = new RouteLearner(SMALL);
        Random random = new Random(8);
        for (int i = 0; i < 2_000; i++) {
            learner.observe(vector("w" + random.nextInt(50), SMALL), "m", random.nextInt(11), 100);
        }

        assertThat(learner.predictor().predict(vector("w3", SMALL), "m").mean())
                .isCloseTo(5, within(1.5));
    }

    @Test
    void holdsItsSizeWhateverItSees() {
        RouteLearner learner = taught(SMALL, 200, true);
        int small = learner.write().length;
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            String text = Long.toString(random.nextLong(), 36).repeat(5);
            learner.observe(vector(text, SMALL), Map.of("weak", 5.0, "strong", 6.0), 1);
        }

        int dims = SMALL.denseDims();
        int most = 4 * dims * (dims + 1) / 2 + 5 * 6 * SMALL.buckets() + 2 * 4 * dims + 1000;
        assertThat(learner.write().length).isBetween(small, most);
    }

    @Test
    void forgetsTheModelGradedLongestAgoWhereThereAreTooMany() {
        LearnSettings tiny = new LearnSettings(100, 8, 16, true, true);
        RouteLearner learner = new RouteLearner(tiny);
        FeatureVector x = vector("sum", tiny);
        for (int i = 0; i < RouteLearner.MAX_MODELS; i++) {
            learner.observe(x, "m" + i, 5, 1);
        }
        learner.observe(x, "m0", 5, 1);

        learner.observe(x, "one more", 5, 1);

        assertThat(learner.predictor().models())
                .hasSize(RouteLearner.MAX_MODELS)
                .contains("m0", "one more")
                .doesNotContain("m1");
        learner.observe(x, "m1", 5, 1);
        assertThat(learner.predictor().predict(x, "m1").observations()).isEqualTo(1);
    }

    @Test
    void refusesMoreModelsAtOnceThanItKeeps() {
        Map<String, Double> grades = new HashMap<>();
        for (int i = 0; i <= RouteLearner.MAX_MODELS; i++) {
            grades.put("m" + i, 5.0);
        }
        RouteLearner learner = new RouteLearner(SMALL);

        assertThatThrownBy(() -> learner.observe(vector("sum", SMALL), grades, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 32 models, not 33");
    }

    @Test
    void makesAPredictorThatARecordHoldsHoweverMuchItSaw() {
        LearnSettings settings = LearnSettings.DEFAULT;
        RouteLearner learner = new RouteLearner(settings);
        Random random = new Random(9);
        List<String> models = IntStream.range(0, 12).mapToObj(i -> "m" + i).toList();
        for (int i = 0; i < 300; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < settings.prefixChars(); j++) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            FeatureVector x = vector(text.toString(), settings);
            Map<String, Double> grades = new HashMap<>();
            models.forEach(model -> grades.put(model, (double) random.nextInt(11)));
            learner.observe(x, grades, 1);
        }

        assertThat(learner.predictor().write().length).isLessThan(700_000);
    }

    @Test
    void saysWhatIsWrongWithBytes() {
        byte[] written = taught(SMALL, 20, true).write();
        LearnSettings other = new LearnSettings(500, 11, 64, true, true);

        assertThatThrownBy(() -> RouteLearner.read(written, other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bucketBits=10");
        assertThatThrownBy(() -> RouteLearner.read(new byte[] {9}, SMALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 9");
        assertThatThrownBy(() -> RouteLearner.read(cut(written), SMALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("learned state");
        assertThatThrownBy(() -> Predictor.read(new byte[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("predictor");
    }

    @Test
    void predictsTheSameAfterTravelling() {
        Predictor predictor = taught(SMALL, 300, true).predictor();
        FeatureVector x = vector("please prove the sum", SMALL);

        Predictor arrived = Predictor.read(predictor.write());

        assertThat(arrived.predict(x, "weak")).isEqualTo(predictor.predict(x, "weak"));
        assertThat(arrived.models()).isEqualTo(predictor.models());
        assertThat(arrived.settings()).isEqualTo(SMALL);
    }

    @Test
    void predictsSeveralModelsAsItDoesEachAlone() {
        Predictor predictor = taught(SMALL, 300, true).predictor();
        FeatureVector x = vector("please prove the sum", SMALL);
        List<String> models = List.of("strong", "nobody", "weak");

        List<Prediction> together = predictor.predict(x, models);

        assertThat(together)
                .containsExactlyElementsOf(
                        models.stream().map(model -> predictor.predict(x, model)).toList());
    }

    @Test
    void namesTheWordsThatDecided() {
        Predictor predictor = taught(SMALL, 400, true).predictor();
        String text = "please prove the lemma";

        List<Reason> reasons = predictor.reasons(vector(text, SMALL), text, "weak", 4);

        assertThat(reasons).extracting(Reason::feature).contains("\"prove\"", "\"lemma\"");
        assertThat(reasons)
                .filteredOn(reason -> reason.feature().equals("\"prove\""))
                .allMatch(reason -> reason.points() < 0);
    }

    /// A weak model that fails on hard words, and a strong one that does not.
    static RouteLearner taught(LearnSettings settings, int prompts, boolean fullFeedback) {
        RouteLearner learner = new RouteLearner(settings);
        Random random = new Random(3);
        for (int i = 0; i < prompts; i++) {
            boolean hard = random.nextBoolean();
            String[] words = hard ? HARD : EASY;
            String text =
                    "please "
                            + words[random.nextInt(words.length)]
                            + " the "
                            + words[random.nextInt(words.length)];
            double weak = hard ? 2 + random.nextInt(3) : 8 + random.nextInt(2);
            double strong = 8 + random.nextInt(2);
            FeatureVector x = vector(text, settings);
            if (fullFeedback) {
                learner.observe(x, Map.of("weak", weak, "strong", strong), 1);
            } else if (random.nextBoolean()) {
                learner.observe(x, "weak", weak, 1);
            } else {
                learner.observe(x, "strong", strong, 1);
            }
        }
        return learner;
    }

    static FeatureVector vector(String text, LearnSettings settings) {
        return PromptFeatures.of(text, Optional.empty(), Optional.empty(), settings);
    }

    private static byte[] cut(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }
}
