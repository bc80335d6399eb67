package dev.assay.decide.assign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.assay.model.ChatRequest;
import dev.assay.model.ModelCard;
import dev.assay.model.Price;
import dev.assay.model.RetryPolicy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

class EstimatesTest {

    /// 2 USD per million input tokens, 10 per million output tokens, 0.5 a call.
    private static final Price PRICE = new Price(2, 10, 1, 0.5);

    /// An answer is expected to have the request's limit of output, else the model's, but never
    /// more than 500 tokens.
    @ParameterizedTest
    @CsvSource({
        "4000, ,     ,     0.507",
        "4000, 100,  ,     0.503",
        "4000, ,     200,  0.504",
        "4000, 100,  200,  0.503",
        "4000, 9999, ,     0.507",
        "4000, ,     9999, 0.507",
        "4001, 100,  ,     0.503002",
        "0,    100,  ,     0.501",
    })
    void answerCostsItsInputAndTheOutputToExpect(
            int chars, @Nullable Integer requestLimit, @Nullable Integer modelLimit, double usd) {
        double expected =
                Estimates.answerUsd(model(modelLimit, null), request(chars, requestLimit));

        assertThat(expected).isCloseTo(usd, within(1e-12));
    }

    @Test
    void verdictCostsWhatTheJudgeIsShownWhateverTheUserSetAsLimit() {
        double usd = Estimates.verdictUsd(model(null, null), 8_000);

        assertThat(usd).isCloseTo(0.5 + 0.004 + 0.005, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        "4000, ,    1000, true",
        "4001, ,    1000, false",
        "4000, 1,   1000, false",
        "3600, 100, 1000, true",
        "3601, 100, 1000, false",
        "2147483647, 2147483647, , false",
        "2147483647, , , true",
    })
    void inputAndAskedForOutputMustFitTheContext(
            int chars, @Nullable Integer requestLimit, @Nullable Integer context, boolean fits) {
        assertThat(Estimates.fitsContext(model(null, context), request(chars, requestLimit)))
                .isEqualTo(fits);
    }

    private static ModelCard model(@Nullable Integer outputLimit, @Nullable Integer context) {
        return new ModelCard(
                "m",
                "m",
                Optional.empty(),
                PRICE,
                optional(context),
                optional(outputLimit),
                Set.of(),
                RetryPolicy.DEFAULT,
                false);
    }

    private static ChatRequest request(int chars, @Nullable Integer maxOutputTokens) {
        return new ChatRequest("{}", chars, optional(maxOutputTokens));
    }

    private static OptionalInt optional(@Nullable Integer value) {
        return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
