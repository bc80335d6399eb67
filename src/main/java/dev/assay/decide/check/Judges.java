package dev.assay.decide.check;

import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.CheckPolicy;
import dev.assay.model.ModelCard;
import dev.assay.model.PromptState;
import dev.assay.model.Strategy;

import java.util.List;

/// Who may judge an answer, and which prompts judges see at all.
public final class Judges {

    private Judges() {}

    /// A model that may judge an answer.
    ///
    /// @param self it would judge its own answer or one of its family, and its verdict is marked so
    public record Judge(String model, boolean self) {}

    /// The judges of an answer, in the order in which they are asked; empty where nobody may judge
    /// it.
    ///
    /// Without `allowSelf` a model never grades its own answer, under whatever name, and a model of
    /// the same family does so only where nobody else may. A model of unknown family is of no
    /// other's family, and an answering model that has left the topology file is known by its name
    /// only.
    ///
    /// @param policy whose judges may all see the prompt
    public static List<Judge> eligible(CheckPolicy policy, String answeringModel, Catalog catalog) {
        List<ModelCard> able = policy.judges().stream().distinct().map(catalog::card).toList();
        if (policy.allowSelf()) {
            return able.stream()
                    .map(card -> new Judge(card.name(), isKin(card, answeringModel, catalog)))
                    .toList();
        }
        List<Judge> others =
                able.stream()
                        .filter(card -> !isKin(card, answeringModel, catalog))
                        .map(card -> new Judge(card.name(), false))
                        .toList();
        return others.isEmpty() ? relatives(able, answeringModel, catalog) : others;
    }

    /// True where the judge is the very model that answered, under whatever name.
    public static boolean wrote(String judge, String answeringModel, Catalog catalog) {
        return isSame(catalog.card(judge), answeringModel, catalog);
    }

    /// Whether judges see the answers to this prompt.
    ///
    /// A function of the id and the share alone: SHA-256 of the id, read as a number in [0, 1),
    /// lies below the share. So every round, retry and rerun decides alike, and a larger share
    /// keeps all that a smaller one drew.
    public static boolean sampled(CheckPolicy policy, String promptId) {
        return StableHash.fraction("check.sample", promptId) < policy.sample();
    }

    /// The chance that judges see the answers of a prompt's coming round, as far as the choice of a
    /// model may know. In a first round that is the share: if the choice went by the draw, what is
    /// judged would not stand for the rest.
    public static double chance(CheckPolicy policy, PromptState state) {
        if (state.round() == 0) {
            return policy.sample();
        }
        return sampled(policy, state.prompt().id()) ? 1 : 0;
    }

    /// The model was tried against the odds, to learn of it; so its answer is always judged.
    static boolean explored(PromptState state, Candidate candidate) {
        return state.attempts().stream()
                .skip(candidate.answer().attempt())
                .limit(1)
                .anyMatch(attempt -> attempt.propensity() < 1 - Strategy.Learned.MOST_EXPLORED);
    }

    private static List<Judge> relatives(
            List<ModelCard> able, String answeringModel, Catalog catalog) {
        return able.stream()
                .filter(card -> !isSame(card, answeringModel, catalog))
                .map(card -> new Judge(card.name(), true))
                .toList();
    }

    private static boolean isKin(ModelCard judge, String answeringModel, Catalog catalog) {
        return isSame(judge, answeringModel, catalog)
                || (catalog.has(answeringModel) && judge.sameFamily(catalog.card(answeringModel)));
    }

    private static boolean isSame(ModelCard judge, String answeringModel, Catalog catalog) {
        return judge.name().equals(answeringModel)
                || (catalog.has(answeringModel) && judge.sameModel(catalog.card(answeringModel)));
    }
}
