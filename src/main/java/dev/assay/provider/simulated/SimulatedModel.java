package dev.assay.provider.simulated;

import dev.assay.config.ModelConfig.Simulation;
import dev.assay.model.ChatRequest;
import dev.assay.provider.ChatText;
import dev.assay.provider.ChatText.Message;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// One made-up model: what it answers to a prompt, and when. A pure function of seed, model and
/// prompt.
///
/// A prompt has a difficulty that is the same for all models. How good an answer is follows from
/// the model's skill, that difficulty and a little chance; the answer's first words show it, and a
/// simulated judge reads them from the prompt it is given, less exactly the less skilled it is.
///
/// @param latencySigma the spread of latencies, which are log-normal around the simulation's median
record SimulatedModel(String name, Simulation simulation, long seed, double latencySigma) {

    /// A spread as is usual for model APIs: one answer in twenty takes twice the median.
    static final double USUAL_LATENCY_SIGMA = 0.4;

    private static final double LONGEST_LATENCY_TO_MEDIAN = 10;

    /// How far the easiest and the hardest prompt lie apart, in points of quality.
    private static final double DIFFICULTY_SPREAD = 5;

    private static final double ANSWER_NOISE = 0.8;
    private static final double JUDGE_NOISE_PER_MISSING_SKILL = 0.3;

    /// How much better what stands first looks, in shares of the judge's noise.
    private static final double FIRST_PLACE_SWAY = 0.5;

    /// Two answers are alike where a judge sees them no further apart, in points of quality.
    private static final double SMALLEST_LEAD = 0.5;

    /// What reading other answers adds to the best of them.
    private static final double FUSION_GAIN = 0.5;

    /// From this quality on the final answer is the right one.
    private static final double RIGHT_FROM = 5.5;

    private static final int SMALLEST_FINAL_ANSWER = 100;
    private static final int FINAL_ANSWERS = 900;
    private static final int USUAL_MISTAKES = 3;

    /// An answer.
    ///
    /// @param id the same for the same prompt and model
    record Reply(String id, String text, int inputTokens, int outputTokens, Duration latency) {}

    Reply reply(ChatText chat) {
        String prompt = prompt(chat);
        Draw common = Draw.of(seed).with(prompt);
        Draw own = common.with(name);
        String text =
                asksFor("winner", chat)
                        ? comparison(prompt, own)
                        : asksFor("score", chat)
                                ? verdict(prompt, own)
                                : answer(prompt, common, own);
        return new Reply(
                "chatcmpl-" + Long.toHexString(own.bits()),
                text,
                tokens(prompt.length()),
                tokens(text.length()),
                latency(own.with("latency")));
    }

    private String answer(String prompt, Draw common, Draw own) {
        double ease = 0.5 - common.with("difficulty").uniform();
        double quality =
                simulation.skill()
                        + DIFFICULTY_SPREAD * ease
                        + ANSWER_NOISE * own.with("quality").gaussian();
        OptionalInt best = AnswerText.bestLevel(prompt);
        if (best.isPresent()) {
            quality = Math.max(quality, best.getAsInt() + FUSION_GAIN);
        }
        int right = SMALLEST_FINAL_ANSWER + common.with("answer").below(FINAL_ANSWERS);
        int mistake = 1 + own.with("mistake").below(USUAL_MISTAKES);
        return AnswerText.write(
                level(quality), quality >= RIGHT_FROM ? right : right + mistake, own.with("words"));
    }

    private String verdict(String prompt, Draw own) {
        // An answer that no simulated model wrote is graded by chance, better than not.
        int level =
                AnswerText.lastLevel(prompt)
                        .orElseGet(() -> 4 + own.with("unknown").below(AnswerText.BEST_LEVEL - 3));
        double noise = JUDGE_NOISE_PER_MISSING_SKILL * (AnswerText.BEST_LEVEL - simulation.skill());
        int score = level(level + noise * own.with("verdict").gaussian());
        String reason =
                score >= 8
                        ? "The answer is right and covers what was asked."
                        : score >= 5
                                ? "The answer is mostly right but leaves out a part of what was"
                                        + " asked."
                                : "The answer misses the point of the question or is not"
                                        + " supported.";
        return "{\"reason\": \"" + reason + "\", \"score\": " + score + "}";
    }

    /// The last two answers are those to be compared. What stands first looks a little better to a
    /// judge, the more so the less skilled it is.
    private String comparison(String prompt, Draw own) {
        List<Integer> levels = AnswerText.levels(prompt);
        double noise = JUDGE_NOISE_PER_MISSING_SKILL * (AnswerText.BEST_LEVEL - simulation.skill());
        double ahead =
                noise * (FIRST_PLACE_SWAY + own.with("comparison").gaussian())
                        + (levels.size() < 2
                                ? 0
                                : levels.get(levels.size() - 2) - levels.getLast());
        String winner = Math.abs(ahead) < SMALLEST_LEAD ? "tie" : ahead > 0 ? "A" : "B";
        return "{\"reason\": \"It is the more complete one.\", \"winner\": \"" + winner + "\"}";
    }

    private Duration latency(Draw draw) {
        double factor =
                Math.min(Math.exp(latencySigma * draw.gaussian()), LONGEST_LATENCY_TO_MEDIAN);
        return Duration.ofNanos((long) (simulation.latency().toNanos() * factor));
    }

    /// A judge's prompt asks for a JSON object with a score, or a winner of two.
    private static boolean asksFor(String member, ChatText chat) {
        if (chat.messages().isEmpty()) {
            return false;
        }
        String last = chat.messages().getLast().text();
        return last.contains("\"" + member + "\"") && last.contains("JSON object");
    }

    private static String prompt(ChatText chat) {
        if (chat.messages().size() == 1) {
            return chat.messages().getFirst().text();
        }
        StringBuilder text = new StringBuilder();
        for (Message message : chat.messages()) {
            text.append(message.text()).append('\n');
        }
        return text.toString();
    }

    private static int level(double quality) {
        return Math.clamp(Math.round(quality), 1, AnswerText.BEST_LEVEL);
    }

    private static int tokens(int chars) {
        return Math.ceilDiv(chars, ChatRequest.CHARS_PER_TOKEN);
    }
}
