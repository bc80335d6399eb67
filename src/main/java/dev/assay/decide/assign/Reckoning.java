package dev.assay.decide.assign;

import dev.assay.decide.check.FusePrompt;
import dev.assay.model.Candidate;
import dev.assay.model.ModelCard;
import dev.assay.model.PromptState;

import java.util.OptionalInt;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// What calls are reckoned at before they are made, and where their bill stays unknown.
///
/// Where a budget binds the prompt, at the most they can cost, so that no budget is exceeded;
/// elsewhere at what is expected.
public final class Reckoning {

    private final Routes routes;

    public Reckoning(Routes routes) {
        this.routes = routes;
    }

    /// USD of one answer.
    public double answerUsd(PromptState state, ModelCard card) {
        return routes.binds(state)
                ? Reservations.answerUsd(card, state.prompt().request(), 0)
                : Estimates.answerUsd(card, state.prompt().request());
    }

    /// USD of making one answer of the candidates.
    public double fusionUsd(PromptState state, ModelCard card) {
        if (routes.binds(state)) {
            long bytes = Reservations.utf8Bytes(FusePrompt.system(state));
            return Reservations.answerUsd(card, state.prompt().request(), bytes);
        }
        int answerChars =
                state.candidates().stream()
                        .map(Candidate::answer)
                        .mapToInt(answer -> answer.completion().text().length())
                        .sum();
        return Estimates.fusionUsd(card, state.prompt().request(), answerChars);
    }

    /// USD of one verdict.
    ///
    /// @param chars characters that the judge is shown, about
    /// @param moreBytes bytes that it is shown besides the request, at most
    public double verdictUsd(
            PromptState state, ModelCard judge, IntSupplier chars, LongSupplier moreBytes) {
        return routes.binds(state)
                ? Reservations.verdictUsd(judge, state.prompt().request(), moreBytes.getAsLong())
                : Estimates.verdictUsd(judge, chars.getAsInt());
    }

    /// The limit on output tokens that a call is sent with: one is set for the user only where a
    /// budget needs it.
    public OptionalInt outputLimit(PromptState state, ModelCard card) {
        return routes.binds(state)
                ? OptionalInt.of(Reservations.outputTokens(card, OptionalInt.empty()))
                : OptionalInt.empty();
    }
}
