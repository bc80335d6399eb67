package dev.assay.backtest;

import dev.assay.model.Catalog;
import dev.assay.model.Usage;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What each model in play would have done for each prompt that counts: the ground that a policy
/// and its controls are measured on.
final class AnswerTable {

    private final List<String> models;
    private final List<RecordedPrompt> prompts;
    private final double[][] quality;
    private final double[][] usd;

    /// @param prompts each with an answer of known quality by each model
    AnswerTable(
            List<String> models, List<RecordedPrompt> prompts, Quality measure, Catalog catalog) {
        this.models = List.copyOf(models);
        this.prompts = List.copyOf(prompts);
        this.quality = new double[models.size()][prompts.size()];
        this.usd = new double[models.size()][prompts.size()];
        for (int model = 0; model < models.size(); model++) {
            for (int prompt = 0; prompt < prompts.size(); prompt++) {
                RecordedAnswer answer = answer(model, prompt);
                quality[model][prompt] = answer.quality(measure).orElseThrow();
                usd[model][prompt] = usd(catalog, models.get(model), answer);
            }
        }
    }

    private static double usd(Catalog catalog, String model, RecordedAnswer answer) {
        Usage usage = new Usage(answer.inputTokens(), 0, answer.outputTokens(), 0, false);
        return answer.costUsd().orElseGet(() -> catalog.card(model).price().costUsd(usage));
    }

    private RecordedAnswer answer(int model, int prompt) {
        RecordedAnswer answer = prompts.get(prompt).answers().get(models.get(model));
        if (answer == null) {
            throw new IllegalArgumentException(
                    "prompt "
                            + prompts.get(prompt).id()
                            + " has no answer of "
                            + models.get(model));
        }
        return answer;
    }

    List<String> models() {
        return models;
    }

    List<RecordedPrompt> prompts() {
        return prompts;
    }

    int size() {
        return prompts.size();
    }

    double quality(int model, int prompt) {
        return quality[model][prompt];
    }

    /// What this model's answer to this prompt cost.
    double usd(int model, int prompt) {
        return usd[model][prompt];
    }

    double meanQuality(int model) {
        return Bootstrap.mean(quality[model]);
    }

    double meanUsd(int model) {
        return Bootstrap.mean(usd[model]);
    }

    /// The model whose answers cost least, all prompts together.
    int cheapest() {
        return IntStream.range(0, models.size())
                .boxed()
                .min(Comparator.comparingDouble(this::meanUsd))
                .orElseThrow();
    }

    /// The model of the best mean quality; of equals the cheaper.
    int strongest() {
        return IntStream.range(0, models.size())
                .boxed()
                .max(
                        Comparator.comparingDouble(this::meanQuality)
                                .thenComparing(
                                        Comparator.comparingDouble(this::meanUsd).reversed()))
                .orElseThrow();
    }
}
