package dev.assay.backtest;

import static dev.assay.backtest.BacktestSamples.cascade;
import static dev.assay.backtest.BacktestSamples.record;
import static dev.assay.backtest.BacktestSamples.topology;
import static dev.assay.backtest.BacktestSamples.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;

import dev.assay.bulk.InputException;
import dev.assay.codec.Json;
import dev.assay.config.TopologyFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class BacktestTest {

    private static final BacktestOptions OPTIONS = BacktestOptions.DEFAULT;

    /// One passes at once and is right, one passes and is wrong, two escalate, of which large gets
    /// one right.
    private static final List<String> FOUR =
            List.of(
                    record("a", 1, 1, 9, 9),
                    record("b", 0, 1, 8, 9),
                    record("c", 0, 1, 3, 9),
                    record("d", 0, 0, 2, 4));

    @TempDir private Path folder;

    @Test
    void aCascadeIsReplayedAsTheLiveRoadDecides() throws InputException {
        BacktestReport report = Backtest.run(cascade(), write(folder, FOUR), OPTIONS);

        assertThat(report.measure()).isEqualTo(Quality.CORRECT);
        assertThat(report.quality()).isEqualTo(0.5);
        assertThat(report.escalated()).isEqualTo(0.5);
        assertThat(report.models()).containsOnly(entry("small", 0.5), entry("large", 0.5));
        assertThat(report.selfScored()).isFalse();
    }

    @Test
    void costsAreSplitIntoAnswersAndChecks() throws InputException {
        BacktestReport report = Backtest.run(cascade(), write(folder, FOUR), OPTIONS);

        double answersUsd = 4 * 0.001 + 2 * 0.010;
        double checksUsd = 6 * 0.002;
        assertThat(report.answerUsdPer1k()).isCloseTo(1_000 * answersUsd / 4, within(1e-9));
        assertThat(report.checkUsdPer1k()).isCloseTo(1_000 * checksUsd / 4, within(1e-9));
    }

    @Test
    void aCostOnRecordComesBeforeTokensTimesPrice() throws InputException {
        List<String> priced =
                List.of(
                        record("a", 1, 1, 9, 9)
                                .replaceFirst("\"input_tokens\"", "\"cost_usd\": 5, $0"));

        BacktestReport report = Backtest.run(cascade(), write(folder, priced), OPTIONS);

        assertThat(report.answerUsdPer1k()).isCloseTo(5_000, within(1e-6));
        assertThat(report.controls().cheapest().what()).contains("large");
    }

    @Test
    void decisionsSeeGradesAndNeverTheTruth() throws InputException {
        List<String> liar = List.of(record("a", 0, 1, 10, 1), record("b", 1, 0, 1, 10));

        BacktestReport report = Backtest.run(cascade(), write(folder, liar), OPTIONS);

        assertThat(report.quality()).isZero();
    }

    @Test
    void promptsWithAnUnknownQualityAreLeftOutForAllAndCounted() throws InputException {
        String unknown =
                record("e", 1, 1, 9, 9).replaceFirst("\"correct\": 1", "\"correct\": null");
        List<String> five = List.of(FOUR.get(0), FOUR.get(1), FOUR.get(2), FOUR.get(3), unknown);
        BacktestOptions byTruth = OPTIONS.withQuality(Quality.CORRECT);

        BacktestReport report = Backtest.run(cascade(), write(folder, five), byTruth);

        assertThat(report.prompts()).isEqualTo(4);
        assertThat(report.leftOut()).isEqualTo(1);
        assertThat(report.controls().strongest().quality()).isEqualTo(0.75);
    }

    @Test
    void scoresAreTheMeasureWhereTheTruthIsNotComplete() throws InputException {
        String unknown =
                record("e", 1, 1, 9, 9).replaceFirst("\"correct\": 1", "\"correct\": null");

        BacktestReport report =
                Backtest.run(cascade(), write(folder, List.of(FOUR.getFirst(), unknown)), OPTIONS);

        assertThat(report.measure()).isEqualTo(Quality.SCORE);
        assertThat(report.leftOut()).isZero();
    }

    @Test
    void aGateThatIsTheMeasureIsSaidToBe() throws InputException {
        List<String> same = List.of(record("a", 1, 1, 10, 10), record("b", 0, 1, 2, 10));
        BacktestOptions byScore = OPTIONS.withQuality(Quality.SCORE);

        BacktestReport report = Backtest.run(cascade(), write(folder, same), byScore);
        BacktestReport ungated =
                Backtest.run(
                        topology("strategy: fixed, models: [small]", ""),
                        write(folder, same),
                        byScore);

        assertThat(report.selfScored()).isTrue();
        assertThat(ungated.selfScored()).isFalse();
    }

    @Test
    void controlsCostAndDoWhatTheySay() throws InputException {
        BacktestReport report = Backtest.run(cascade(), write(folder, FOUR), OPTIONS);

        assertThat(report.controls().cheapest().quality()).isEqualTo(0.25);
        assertThat(report.controls().cheapest().usdPer1k()).isCloseTo(1, within(1e-9));
        assertThat(report.controls().strongest().quality()).isEqualTo(0.75);
        assertThat(report.controls().strongest().usdPer1k()).isCloseTo(10, within(1e-9));
        assertThat(report.controls().randomMatchedCost().usdPer1k())
                .isCloseTo(report.usdPer1k(), within(1e-9));
        assertThat(report.controls().randomMatchedCost().quality())
                .isCloseTo(0.25 + 0.5 * (report.usdPer1k() - 1) / 9, within(1e-9));
        assertThat(report.controls().oracle().quality()).isEqualTo(0.75);
        assertThat(report.controls().oracle().usdPer1k())
                .isCloseTo((0.001 + 0.010 + 0.010 + 0.001) * 250, within(1e-9));
    }

    @Test
    void theSameSeedGivesTheSameReport() throws InputException {
        Path records = write(folder, FOUR);

        String once = ReportJson.text(Backtest.run(cascade(), records, OPTIONS));
        String again = ReportJson.text(Backtest.run(cascade(), records, OPTIONS));

        assertThat(again).isEqualTo(once);
    }

    @Test
    void theJsonHasEveryFieldThatProgramsRelyOn() throws InputException {
        JsonNode json =
                Json.object(ReportJson.text(Backtest.run(cascade(), write(folder, FOUR), OPTIONS)));

        assertThat(json.fieldNames())
                .toIterable()
                .contains(
                        "policy",
                        "prompts",
                        "left_out",
                        "quality",
                        "quality_ci95",
                        "cost_usd_per_1k",
                        "escalated",
                        "self_scored",
                        "models",
                        "controls",
                        "oracle",
                        "curve",
                        "apgr",
                        "apgr_sd",
                        "cpt50",
                        "cpt80");
        assertThat(json.path("quality_ci95")).hasSize(2);
        assertThat(json.path("cost_usd_per_1k").fieldNames())
                .toIterable()
                .containsExactly("answer", "check", "total");
        for (String control :
                List.of("cheapest", "strongest", "random_matched_cost", "prompt_length")) {
            JsonNode found = json.path("controls").path(control);
            assertThat(found.path("quality").isNumber()).as(control).isTrue();
            assertThat(found.path("cost_usd_per_1k").isNumber()).as(control).isTrue();
        }
        assertThat(json.path("curve")).isNotEmpty();
    }

    @Test
    void theTextNamesThePolicyAndItsControls() throws InputException {
        String text = ReportText.of(Backtest.run(cascade(), write(folder, FOUR), OPTIONS));

        assertThat(text)
                .contains("default: cascade of small, large")
                .contains("4 counted, 0 left out")
                .contains("50.00 % (right answers;")
                .contains("random mix, same cost")
                .contains("oracle")
                .contains("pass: 7");
    }

    @Test
    void aModelThatTheRecordsDoNotKnowIsNamed() {
        TopologyFile other = topology("strategy: fixed, models: [judge]", "");

        assertThatThrownBy(() -> Backtest.run(other, write(folder, FOUR), OPTIONS))
                .isInstanceOf(UnusableRecords.class)
                .hasMessageContaining("no answers of model judge")
                .hasMessageContaining("[large, small]");
    }

    @Test
    void aJudgeThatTheRecordsDoNotKnowIsNamed() {
        TopologyFile other =
                topology("strategy: cascade, models: [small, judge]", "judges: [large]");
        List<String> records =
                FOUR.stream().map(line -> line.replace("\"large\":", "\"judge\":")).toList();

        assertThatThrownBy(() -> Backtest.run(other, write(folder, records), OPTIONS))
                .isInstanceOf(UnusableRecords.class)
                .hasMessageContaining("no grades by judge large")
                .hasMessageContaining("[judge]");
    }

    @Test
    void rulesThatReadTextAreRefusedWithoutTexts() {
        TopologyFile ruled =
                topology("strategy: fixed, models: [small]", "rules: [{max_chars: 9}]");
        List<String> textless =
                FOUR.stream().map(line -> line.replaceAll("\"text\": \"[a-z]\", ", "")).toList();

        assertThatThrownBy(() -> Backtest.run(ruled, write(folder, textless), OPTIONS))
                .isInstanceOf(UnusableRecords.class)
                .hasMessageContaining("no texts of answers");
    }

    @Test
    void anAnswerWithoutRecordedTextIsNoEmptyAnswer() throws InputException {
        List<String> textless =
                FOUR.stream().map(line -> line.replaceAll("\"text\": \"[a-z]\", ", "")).toList();

        BacktestReport report = Backtest.run(cascade(), write(folder, textless), OPTIONS);

        assertThat(report.quality()).isEqualTo(0.5);
    }

    @Test
    void aPanelsJudgesAreEachPlayed() throws InputException {
        TopologyFile panel =
                topology(
                        "strategy: cascade, models: [small, large]",
                        "judges: [judge, second], panel: mean, quorum: 2, pass: 7");
        List<String> graded =
                FOUR.stream()
                        .map(
                                line ->
                                        line.replace(
                                                "\"grades\": {",
                                                "\"grades\": {\"second\": {\"small\": 5, \"large\": 9}, "))
                        .toList();

        BacktestReport report = Backtest.run(panel, write(folder, graded), OPTIONS);

        assertThat(report.escalated()).isEqualTo(0.75);
    }

    @Test
    void anAgreementIsPlayedFromTheOtherModelsAnswerAndPaidAsACheck() throws InputException {
        TopologyFile agreement =
                topology("strategy: cascade, models: [small, large]", "agreement: judge");
        List<String> answered =
                FOUR.stream()
                        .map(
                                line ->
                                        line.replace(
                                                "\"large\": {\"text\"",
                                                "\"judge\": {\"text\": \"s\", \"input_tokens\": 500, \"output_tokens\": 500, \"correct\": 1}, \"large\": {\"text\""))
                        .toList();

        BacktestReport report = Backtest.run(agreement, write(folder, answered), OPTIONS);

        assertThat(report.escalated()).isZero();
        assertThat(report.checkUsdPer1k()).isCloseTo(2, within(1e-9));
    }

    @Test
    void anAnswerMadeOfSeveralIsOnNoRecord() {
        TopologyFile fused =
                topology("strategy: ensemble, models: [small, large], pick: fuse, fuse: judge", "");

        assertThatThrownBy(() -> Backtest.run(fused, write(folder, FOUR), OPTIONS))
                .isInstanceOf(UnusableRecords.class)
                .hasMessageContaining("pick: fuse");
        TopologyFile compared =
                topology(
                        "strategy: ensemble, models: [small, large], pick: pairwise",
                        "judges: [judge]");
        assertThatThrownBy(() -> Backtest.run(compared, write(folder, FOUR), OPTIONS))
                .isInstanceOf(UnusableRecords.class)
                .hasMessageContaining("pick: pairwise");
    }

    private static Map.Entry<String, Double> entry(String model, double share) {
        return Map.entry(model, share);
    }
}
