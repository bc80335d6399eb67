package dev.assay.decide.limit;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.FailureCode;
import dev.assay.model.RateLimits;
import dev.assay.model.RateLimits.Window;
import dev.assay.model.Usage;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

class RatesTest {

    private static final Duration LONGEST_RESET = Duration.ofMinutes(5);

    /// 100 tokens a second, of which 300 may be saved up.
    private static final LaneLimits TOKENS =
            new LaneLimits(100, OptionalDouble.empty(), OptionalDouble.of(100));

    private static final LaneLimits NONE =
            new LaneLimits(100, OptionalDouble.empty(), OptionalDouble.empty());

    @Test
    void callWaitsUntilTheTokensItNeedsAreThere() {
        Rates rates = Rates.fresh(NOW);

        Instant at = rates.allows(TOKENS, demand(150, 50), 0, NOW);

        assertThat(at).isEqualTo(NOW.plusSeconds(2));
        assertThat(rates.allows(TOKENS, demand(150, 50), 0, at)).isEqualTo(at);
    }

    @Test
    void callLargerThanAllThatCanBeSavedUpStartsWhenThatIsThereAndLeavesADebt() {
        Rates rates = Rates.fresh(NOW);
        Demand large = demand(1_000, 0);

        Instant at = rates.allows(TOKENS, large, 0, NOW);
        Rates after = rates.began(TOKENS, rates.grant(large, at), 0, at);

        assertThat(at).isEqualTo(NOW.plusSeconds(3));
        assertThat(after.allows(TOKENS, demand(100, 0), 0, at)).isEqualTo(at.plusSeconds(8));
    }

    @Test
    void tokensThatWereReservedForNothingComeBackWithTheAnswer() {
        Instant now = NOW.plusSeconds(3);
        Rates rates = Rates.fresh(NOW);
        Grant grant = rates.grant(demand(100, 200), now);
        Rates begun = rates.began(TOKENS, grant, 0, now);

        Rates after = begun.ended(grant, answered(100, 50), LONGEST_RESET, now, now);

        assertThat(begun.allows(TOKENS, demand(100, 0), 0, now)).isAfter(now);
        assertThat(after.allows(TOKENS, demand(100, 0), 0, now)).isEqualTo(now);
    }

    @Test
    void expectationFollowsWhatCallsUse() {
        Rates rates = Rates.fresh(NOW);
        Demand demand = new Demand(100, OptionalInt.empty());

        for (int call = 0; call < 200; call++) {
            Grant grant = rates.grant(demand, NOW);
            rates =
                    rates.began(NONE, grant, 0, NOW)
                            .ended(grant, answered(130, 40), LONGEST_RESET, NOW, NOW);
        }

        assertThat(rates.grant(demand, NOW).tokens()).isBetween(165.0, 175.0);
        assertThat(rates.grant(demand(100, 10), NOW).tokens()).isBetween(138.0, 142.0);
    }

    @Test
    void nothingStartsBeforeTheResetWhenTheProviderSaysThatNothingIsLeft() {
        Rates rates = told(0, Duration.ofSeconds(7));

        assertThat(rates.allows(NONE, Demand.NONE, 0, NOW)).isEqualTo(NOW.plusSeconds(7));
        assertThat(rates.allows(NONE, Demand.NONE, 0, NOW.plusSeconds(7)))
                .isEqualTo(NOW.plusSeconds(7));
    }

    @Test
    void littleThatIsLeftIsSpreadOverTheTimeToTheReset() {
        Rates rates = told(10, Duration.ofSeconds(20));

        Rates after = rates.began(NONE, rates.grant(Demand.NONE, NOW), 0, NOW);

        assertThat(rates.allows(NONE, Demand.NONE, 0, NOW)).isEqualTo(NOW);
        assertThat(after.allows(NONE, Demand.NONE, 0, NOW)).isEqualTo(NOW.plusSeconds(2));
    }

    @Test
    void littleThatIsLeftIsTakenByThoseBehindOnceTheTurnOfOthersIsOver() {
        Rates rates = told(10, Duration.ofSeconds(20));

        Rates after = rates.began(NONE, rates.grant(Demand.NONE, NOW), 0, NOW);

        Instant turn = NOW.plusSeconds(2);
        assertThat(after.allows(NONE, Demand.NONE, 1, turn)).isEqualTo(turn.plusMillis(100));
        assertThat(after.allows(NONE, Demand.NONE, 1, turn.plusMillis(100)))
                .isEqualTo(turn.plusMillis(100));
    }

    @Test
    void whatIsLeftInPlentyHoldsNothingBack() {
        Rates rates = told(90, Duration.ofSeconds(20));

        Rates after = rates.began(NONE, rates.grant(Demand.NONE, NOW), 0, NOW);

        assertThat(after.allows(NONE, Demand.NONE, 0, NOW)).isEqualTo(NOW);
    }

    @Test
    void resetFarAwayIsTakenToBeNoFurtherThanTheLongestPause() {
        Rates rates = told(0, Duration.ofHours(9));

        assertThat(rates.allows(NONE, Demand.NONE, 0, NOW)).isEqualTo(NOW.plus(LONGEST_RESET));
    }

    @Test
    void partitionsThatComeBringNoTokensAndThoseThatGoTakeTheirsAlong() {
        LaneLimits half = new LaneLimits(50, OptionalDouble.empty(), OptionalDouble.of(50));
        Instant now = NOW.plusSeconds(3);

        Rates fewer = Rates.fresh(NOW).shared(TOKENS, half, now);
        Rates more = fewer.shared(half, TOKENS, now);

        assertThat(fewer.tokens().level()).isEqualTo(150);
        assertThat(more.tokens().level()).isEqualTo(150);
    }

    @Test
    void callsTurnedAwayForComingTooFastAreSlowedDown() {
        Rates rates = Rates.fresh(NOW);
        Grant last = rates.grant(Demand.NONE, NOW);
        for (int call = 0; call < 100; call++) {
            last = rates.grant(Demand.NONE, NOW);
            rates = rates.began(NONE, last, 0, NOW);
        }

        Rates slower = rates;
        int away = 0;
        while (slower.pace().perSecond() == Double.POSITIVE_INFINITY) {
            slower = slower.ended(last, turnedAway(), LONGEST_RESET, NOW, NOW.plusMillis(30));
            away++;
        }

        assertThat(away).isBetween(5, 10);
        assertThat(slower.pace().perSecond()).isBetween(30.0, 50.0);
        assertThat(slower.ended(last, turnedAway(), LONGEST_RESET, NOW, NOW.plusMillis(40)))
                .isEqualTo(slower);
    }

    /// After one call, of which the reply said what is left of 100.
    private static Rates told(long remaining, Duration reset) {
        Rates rates = Rates.fresh(NOW);
        Grant grant = rates.grant(Demand.NONE, NOW);
        Window window =
                new Window(OptionalLong.of(100), OptionalLong.of(remaining), Optional.of(reset));
        CallResult result =
                new CallResult.Answered(completion("fine"), new RateLimits(window, Window.UNKNOWN));
        return rates.began(NONE, grant, 0, NOW).ended(grant, result, LONGEST_RESET, NOW, NOW);
    }

    private static Demand demand(int inputTokens, int outputTokens) {
        return new Demand(inputTokens, OptionalInt.of(outputTokens));
    }

    private static CallResult answered(long inputTokens, long outputTokens) {
        return new CallResult.Answered(
                completion("fine").withUsage(new Usage(inputTokens, 0, outputTokens, 0, false)));
    }

    private static CallResult turnedAway() {
        return new CallResult.TryAgain(
                new CallError(FailureCode.PROVIDER_ERROR, "429"),
                Optional.empty(),
                Evidence.RATE_LIMITED,
                false);
    }
}
