package dev.assay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.model.CheckPolicy;
import dev.assay.model.EnsemblePick;
import dev.assay.model.Route;
import dev.assay.model.Rule.Comparison;
import dev.assay.model.Strategy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class EnsembleReaderTest {

    @Test
    void everyKeyIsRead() {
        Route route =
                route(
                        "{strategy: ensemble, models: [a, b], n: 5, pick: vote, compare: number,"
                                + " quorum: 4, wait: 30s}",
                        "{judges: [c]}");

        assertThat(route.strategy())
                .isEqualTo(
                        new Strategy.Ensemble(
                                List.of("a", "b"),
                                5,
                                new EnsemblePick.Vote(Optional.of(Comparison.NUMBER)),
                                4,
                                Optional.of(Duration.ofSeconds(30))));
        assertThat(route.rounds()).isEqualTo(1);
    }

    @Test
    void withoutMoreItIsTheBestOfAllModels() {
        Route route = route("{strategy: ensemble, models: [a, b]}", "{judges: [c]}");

        assertThat(route.strategy())
                .isEqualTo(
                        new Strategy.Ensemble(
                                List.of("a", "b"),
                                2,
                                new EnsemblePick.Best(),
                                1,
                                Optional.empty()));
    }

    @Test
    void moreThanHalfIsTheQuorumOfAVote() {
        Route route = route("{strategy: ensemble, models: [a, b, c], pick: vote}", "{}");

        assertThat(route.strategy())
                .isEqualTo(
                        new Strategy.Ensemble(
                                List.of("a", "b", "c"),
                                3,
                                new EnsemblePick.Vote(Optional.empty()),
                                2,
                                Optional.empty()));
    }

    @Test
    void whoFusesWritesTheAnswer() {
        Route route =
                route("{strategy: ensemble, models: [a, b], pick: fuse, fuse: c}", "{judges: [a]}");

        assertThat(route.strategy().authors()).containsExactly("c");
        assertThat(route.strategy().models()).containsExactly("a", "b");
    }

    @Test
    void answersAreComparedInPairs() {
        Route route =
                route("{strategy: ensemble, models: [a, b], pick: pairwise}", "{judges: [c]}");

        assertThat(route.strategy())
                .isEqualTo(
                        new Strategy.Ensemble(
                                List.of("a", "b"),
                                2,
                                new EnsemblePick.Pairwise(),
                                1,
                                Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    models: [a, b]       | {judges: [a, b]} | app.yaml:8: routes[0].assign: compares answers in pairs, and no judge
                    models: [a, b]       | {}               | app.yaml:8: routes[0].assign: compares answers in pairs, and no judge
                    models: [a, b], n: 9 | {judges: [c]}    | app.yaml:8: routes[0].assign: compares 9 answers, each two of them twice; set n to at most 8
                    """)
    void pairsThatNobodyMayCompareAndTooManyOfThemAreRefused(
            String models, String check, String message) {
        String assign = "{strategy: ensemble, %s, pick: pairwise}".formatted(models);

        assertThatThrownBy(() -> route(assign, check))
                .isInstanceOf(TopologyFileException.class)
                .hasMessageContaining(message);
    }

    @Test
    void judgeOfTwoAmongThreeIsEnough() {
        Route route =
                route(
                        "{strategy: ensemble, models: [a, b, c], pick: pairwise}",
                        "{judges: [a, b]}");

        assertThat(route.strategy().models()).hasSize(3);
    }

    @Test
    void agreementNamesAModelAndWhatIsCompared() {
        assertThat(route("{strategy: cascade, models: [a, b]}", "{agreement: c}").check())
                .extracting(CheckPolicy::agreement)
                .isEqualTo(Optional.of(new CheckPolicy.Agreement("c", Optional.empty())));
        assertThat(
                        route(
                                        "{strategy: cascade, models: [a, b]}",
                                        "{agreement: c, compare: choice}")
                                .check())
                .extracting(CheckPolicy::agreement)
                .isEqualTo(
                        Optional.of(
                                new CheckPolicy.Agreement("c", Optional.of(Comparison.CHOICE))));
    }

    @Test
    void modelOfTheRouteMayBeAgreedWithWhereJudgesSeeItsOwnAnswers() {
        Route route = route("{strategy: cascade, models: [a, b]}", "{agreement: b, judges: [c]}");

        assertThat(route.check().agreement()).isPresent();
    }

    private static Route route(String assign, String check) {
        String yaml =
                """
                name: app
                models:
                  - {name: a, provider: simulated}
                  - {name: b, provider: simulated}
                  - {name: c, provider: simulated}
                routes:
                  - name: default
                    assign: %s
                    check: %s
                """
                        .formatted(assign, check);
        return TopologyParser.parse(yaml, Path.of("app.yaml"), Map.of()).routes().getFirst();
    }
}
