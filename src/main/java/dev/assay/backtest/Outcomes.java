package dev.assay.backtest;

import dev.assay.model.Answer;
import dev.assay.model.Result;
import dev.assay.model.Spend;

import java.util.Map;
import java.util.TreeMap;

/// What became of each prompt under a policy.
final class Outcomes {

    private final double[] quality;
    private final double[] answerUsd;
    private final double[] checkUsd;
    private final boolean[] escalated;
    private final Map<String, Integer> answeredBy = new TreeMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();

    Outcomes(int prompts) {
        this.quality = new double[prompts];
        this.answerUsd = new double[prompts];
        this.checkUsd = new double[prompts];
        this.escalated = new boolean[prompts];
    }

    /// Notes the result of the prompt at this place.
    void put(int place, RecordedPrompt record, Result result, Quality measure) {
        switch (result) {
            case Result.Answered answered -> {
                Answer answer = answered.returned().answer();
                spent(place, answered.state().spend());
                escalated[place] = answered.state().round() > 1;
                answeredBy.merge(answer.model(), 1, Integer::sum);
                RecordedAnswer recorded = record.answers().get(answer.model());
                quality[place] =
                        recorded == null
                                ? measure.worst()
                                : recorded.quality(measure).orElse(measure.worst());
            }
            case Result.Failed failed -> {
                spent(place, failed.state().spend());
                escalated[place] = failed.state().round() > 1;
                quality[place] = measure.worst();
                failures.merge(failed.failure().code().code(), 1, Integer::sum);
            }
            case Result.Rejected rejected ->
                    throw new IllegalStateException(
                            "a recorded prompt cannot be rejected: " + rejected.failure().code());
        }
    }

    private void spent(int place, Spend spend) {
        answerUsd[place] = spend.answerUsd();
        checkUsd[place] = spend.checkUsd();
    }

    int size() {
        return quality.length;
    }

    double[] quality() {
        return quality.clone();
    }

    double quality(int place) {
        return quality[place];
    }

    double meanAnswerUsd() {
        return Bootstrap.mean(answerUsd);
    }

    double meanCheckUsd() {
        return Bootstrap.mean(checkUsd);
    }

    double meanUsd() {
        return meanAnswerUsd() + meanCheckUsd();
    }

    double totalUsd(int place) {
        return answerUsd[place] + checkUsd[place];
    }

    /// The share of prompts that took more than one round.
    double escalatedShare() {
        int count = 0;
        for (boolean one : escalated) {
            count += one ? 1 : 0;
        }
        return size() == 0 ? 0 : (double) count / size();
    }

    /// How many prompts each model's answer was returned for.
    Map<String, Integer> answeredBy() {
        return Map.copyOf(answeredBy);
    }

    /// How many prompts got no answer, by the failure's code.
    Map<String, Integer> failures() {
        return Map.copyOf(failures);
    }
}
