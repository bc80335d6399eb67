package dev.assay.provider.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.config.ModelConfig.Simulation;
import dev.assay.config.ProviderKind;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.Completion;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ProviderContract;
import dev.assay.provider.TestModel;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

class SimulatedProviderTest extends ProviderContract {

    private static final Simulation QUICK = new Simulation(Duration.ofMillis(200), 7, 0);

    @Override
    protected ModelProvider answering() {
        return provider(QUICK, duration -> {});
    }

    @Override
    protected ModelProvider pondering(Duration timeout, CountDownLatch entered) {
        TestModel model =
                TestModel.of(ProviderKind.SIMULATED)
                        .timeout(timeout)
                        .simulation(new Simulation(Duration.ofHours(1), 7, 0));
        return new SimulatedProvider(
                model.build(),
                1,
                duration -> {
                    entered.countDown();
                    Thread.sleep(duration);
                });
    }

    @Test
    void theSamePromptHasTheSameAnswer() throws Exception {
        Completion first = completion(call(answering(), request(CHAT)));
        Completion again = completion(call(answering(), request(CHAT)));
        Completion other = completion(call(answering(), request(CHAT.replace("seven", "eight"))));

        assertThat(again).isEqualTo(first);
        assertThat(other.text()).isNotEqualTo(first.text());
    }

    @Test
    void theAnswerRepeatsNoWordOfThePrompt() throws Exception {
        String chat = CHAT.replace("six times seven", "Zaphod's account number 7310042");

        Completion completion = completion(call(answering(), request(chat)));

        assertThat(completion.responseJson()).doesNotContain("Zaphod", "7310042");
    }

    @Test
    void tokensAreCharactersByFour() throws Exception {
        Completion completion = completion(call(answering(), request(CHAT)));

        // 33 characters in two messages, and a line break after each.
        assertThat(completion.usage().inputTokens()).isEqualTo(9);
        assertThat(completion.usage().outputTokens())
                .isEqualTo(Math.ceilDiv(completion.text().length(), 4));
        assertThat(completion.usage().estimated()).isFalse();
    }

    @Test
    void anAnswerTakesItsTime() throws Exception {
        List<Duration> slept = new ArrayList<>();
        ModelProvider provider = provider(QUICK, slept::add);

        for (int i = 0; i < 200; i++) {
            call(provider, request(CHAT.replace("seven", "n" + i)));
        }

        slept.sort(null);
        assertThat(slept.get(100)).isBetween(Duration.ofMillis(180), Duration.ofMillis(220));
        assertThat(slept.getFirst()).isLessThan(Duration.ofMillis(120));
        assertThat(slept.getLast()).isBetween(Duration.ofMillis(300), Duration.ofMillis(2000));
    }

    @Test
    void theShareOfFailuresIsAsToldAndFailuresPass() throws Exception {
        ModelProvider provider = provider(new Simulation(Duration.ZERO, 7, 0.3), duration -> {});

        List<CallResult> results = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            results.add(call(provider, request(CHAT)));
        }

        assertThat(results).allMatch(each -> each instanceof Answered || each instanceof TryAgain);
        assertThat(results.stream().filter(TryAgain.class::isInstance).count())
                .isBetween(250L, 350L);
    }

    @Test
    void closingEndsACallAsAFailure() throws Exception {
        CompletableFuture<ModelProvider> self = new CompletableFuture<>();
        ModelProvider provider = provider(QUICK, duration -> self.join().close());
        self.complete(provider);

        CallResult result = call(provider, request(CHAT));

        assertThat(tryAgain(result).error().message()).contains("closed");
    }

    private static ModelProvider provider(
            Simulation simulation, SimulatedProvider.Sleeper sleeper) {
        return new SimulatedProvider(
                TestModel.of(ProviderKind.SIMULATED).simulation(simulation).build(), 1, sleeper);
    }
}
