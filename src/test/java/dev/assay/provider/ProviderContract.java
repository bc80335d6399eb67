package dev.assay.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.Completion;
import dev.assay.model.FailureCode;
import dev.assay.model.FinishReason;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// What every provider has to do, whatever stands behind it.
@Timeout(30)
public abstract class ProviderContract {

    protected static final String CHAT =
            "{\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                    + "{\"role\":\"user\",\"content\":\"What is six times seven?\"}]}";

    protected static final Duration SHORT = Duration.ofMillis(40);
    private static final Duration AMPLE = Duration.ofMinutes(1);

    /// A provider that answers soon.
    protected abstract ModelProvider answering();

    /// A provider whose model takes longer than anybody waits; `entered` opens when a call is under
    /// way.
    protected abstract ModelProvider pondering(Duration timeout, CountDownLatch entered);

    /// The provider's own word for an answer that came to its end.
    protected String wordForStop() {
        return "stop";
    }

    /// What a whole response of the provider has in it.
    protected String fieldOfAnswer() {
        return "\"choices\"";
    }

    @Test
    void answersWithTextMessageUsageAndTheWholeResponse() throws Exception {
        try (ModelProvider provider = answering()) {
            CallResult result = call(provider, request(CHAT));

            Completion completion = completion(result);
            assertThat(completion.text()).isNotBlank();
            assertThat(completion.messageJson())
                    .startsWith("{")
                    .endsWith("}")
                    .contains("\"role\":\"assistant\"");
            assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(completion.finishReasonText()).isEqualTo(wordForStop());
            assertThat(completion.refusal()).isEmpty();
            assertThat(completion.hasToolCalls()).isFalse();
            assertThat(completion.usage().inputTokens()).isPositive();
            assertThat(completion.usage().outputTokens()).isPositive();
            assertThat(completion.modelVersion()).hasValue("test-1");
            assertThat(completion.responseJson()).contains(fieldOfAnswer());
        }
    }

    @Test
    void theModelsTimeoutEndsACallAndSpeaksOfCongestion() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        try (ModelProvider provider = pondering(SHORT, entered)) {
            CallResult result = call(provider, request(CHAT));

            TryAgain tryAgain = tryAgain(result);
            assertThat(tryAgain.error().code()).isEqualTo(FailureCode.TIMEOUT);
            assertThat(tryAgain.evidence()).isEqualTo(Evidence.CONGESTED);
            assertThat(tryAgain.billed() || entered.getCount() > 0).isTrue();
        }
    }

    @Test
    void thePromptsDeadlineEndsACallAndSaysNothingOfTheModel() throws Exception {
        try (ModelProvider provider = pondering(AMPLE, new CountDownLatch(1))) {
            CallResult result = call(provider, new ModelRequest(CHAT, OptionalInt.empty(), SHORT));

            TryAgain tryAgain = tryAgain(result);
            assertThat(tryAgain.error().code()).isEqualTo(FailureCode.DEADLINE_EXCEEDED);
            assertThat(tryAgain.evidence()).isEqualTo(Evidence.NONE);
        }
    }

    @Test
    void anInterruptCancelsACall() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        try (ModelProvider provider = pondering(AMPLE, entered)) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread caller =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            provider.call(request(CHAT));
                                            thrown.completeExceptionally(
                                                    new AssertionError("the call went on"));
                                        } catch (InterruptedException e) {
                                            thrown.complete(e);
                                        }
                                    });
            entered.await();

            caller.interrupt();

            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void textThatIsNoJsonIsThePromptsOwnFault() throws Exception {
        try (ModelProvider provider = answering()) {
            for (String text :
                    new String[] {"", "top secret", "[1]", "{\"messages\":", "{\"messages\":[}"}) {
                CallResult result = call(provider, request(text));

                assertThat(result)
                        .as(text)
                        .asInstanceOf(InstanceOfAssertFactories.type(GiveUpOnPrompt.class))
                        .extracting(GiveUpOnPrompt::error)
                        .satisfies(
                                error ->
                                        assertThat(error.code())
                                                .isEqualTo(FailureCode.INVALID_INPUT))
                        .satisfies(error -> assertThat(error.message()).doesNotContain("secret"));
            }
        }
    }

    protected static ModelRequest request(String chatJson) {
        return new ModelRequest(chatJson, OptionalInt.empty(), AMPLE);
    }

    /// Calls as the pipeline does, on a virtual thread.
    protected static CallResult call(ModelProvider provider, ModelRequest request)
            throws Exception {
        CompletableFuture<CallResult> result = new CompletableFuture<>();
        var _ =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        result.complete(provider.call(request));
                                    } catch (Throwable e) {
                                        result.completeExceptionally(e);
                                    }
                                });
        return result.get();
    }

    protected static Completion completion(CallResult result) {
        assertThat(result).isInstanceOf(Answered.class);
        return ((Answered) result).completion();
    }

    protected static TryAgain tryAgain(CallResult result) {
        assertThat(result).isInstanceOf(TryAgain.class);
        return (TryAgain) result;
    }

    protected static CallError error(CallResult result) {
        return switch (result) {
            case Answered answered -> throw new AssertionError("answered: " + answered);
            case TryAgain failed -> failed.error();
            case CallResult.GiveUpOnModel failed -> failed.error();
            case GiveUpOnPrompt failed -> failed.error();
        };
    }
}
