package dev.assay.decide.check;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.card;
import static dev.assay.model.Samples.cascade;
import static dev.assay.model.Samples.completion;
import static dev.assay.model.Samples.plan;
import static dev.assay.model.Samples.route;

import dev.assay.decide.assign.Routes;
import dev.assay.decide.call.Step;
import dev.assay.model.Answer;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.Candidate;
import dev.assay.model.Catalog;
import dev.assay.model.CheckPolicy;
import dev.assay.model.FailureCode;
import dev.assay.model.ModelCard;
import dev.assay.model.Panel;
import dev.assay.model.Price;
import dev.assay.model.PromptSample;
import dev.assay.model.PromptState;
import dev.assay.model.RetryPolicy;
import dev.assay.model.Rule;
import dev.assay.model.Usage;
import dev.assay.model.Verdict;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Judges, answers and what comes of asking, for the tests of the check stage.
final class CheckStageSamples {

    static final Duration TOOK = Duration.ofSeconds(1);

    /// 1 USD per million input tokens, 10 for output: a reply of USAGE costs 0.0015 USD.
    static final Price PRICE = new Price(1, 10, 0, 0);

    static final Usage USAGE = new Usage(1_000, 0, 50, 0, false);

    static final Catalog CATALOG =
            Catalog.of(
                    List.of(
                            card("small"),
                            card("free"),
                            card("dearest", new Price(0, 0, 0, 1), OptionalInt.empty()),
                            priced("one", PRICE),
                            priced("two", PRICE),
                            structured("structured"),
                            family("kin-answers", "kin"),
                            family("kin-judges", "kin"),
                            card("costly", new Price(0, 0, 0, 0.01), OptionalInt.empty())));

    private CheckStageSamples() {}

    static CheckPolicy judges(String... judges) {
        return policy(List.of(), 1, false, judges);
    }

    static CheckPolicy policy(
            List<Rule> rules, double sample, boolean allowSelf, String... judges) {
        return new CheckPolicy(
                rules,
                List.of(judges),
                Panel.FIRST,
                Optional.empty(),
                "be strict",
                List.of(),
                7,
                sample,
                allowSelf);
    }

    static CheckStage stage(CheckPolicy policy) {
        return stage(policy, (_, _) -> List.of());
    }

    static CheckStage stage(CheckPolicy policy, SchemaValidator schemas) {
        Routes routes = new Routes(List.of(route("r", cascade("small"), policy)), Map.of());
        return new CheckStage(CATALOG, routes, schemas, json());
    }

    static JsonObjects json() {
        return new FakeJsonObjects();
    }

    static Step enter(CheckPolicy policy, List<Candidate> candidates) {
        return stage(policy).enter(answered(policy, candidates.toArray(Candidate[]::new)), NOW);
    }

    static Step end(CheckPolicy policy, PromptState state, int slot, CallResult result) {
        return stage(policy).ended(state, state.call(slot).orElseThrow(), result, TOOK, NOW, 0.5);
    }

    static PromptState answered(CheckPolicy policy, Candidate... candidates) {
        return new PromptSample()
                .admitted()
                .assigned(route("r", cascade("small"), policy), plan("small"))
                .withCandidates(List.of(candidates));
    }

    static PromptState answered(CheckPolicy policy, PromptSample sample, String... models) {
        return sample.admitted()
                .assigned(route("r", cascade("small"), policy), plan("small"))
                .withCandidates(answeredBy(models));
    }

    static List<Candidate> answeredBy(String... models) {
        List<Candidate> candidates = new ArrayList<>();
        for (String model : models) {
            candidates.add(candidate(model, "an answer"));
        }
        return candidates;
    }

    static Candidate candidate(String model, String text) {
        return Candidate.unchecked(new Answer(model, 0, completion(text), 0, TOOK));
    }

    static List<Verdict> verdicts(Step step, int slot) {
        return step.state().candidates().get(slot).verdicts();
    }

    static CallResult says(String text) {
        return new CallResult.Answered(completion(text, USAGE));
    }

    static CallResult scores(int score) {
        return says("{\"reason\": \"seen\", \"score\": " + score + "}");
    }

    static CallResult busy(boolean billed) {
        return new CallResult.TryAgain(
                new CallError(FailureCode.TIMEOUT, "nothing came"),
                Optional.empty(),
                Evidence.CONGESTED,
                billed);
    }

    static CallResult badKey() {
        return new CallResult.GiveUpOnModel(
                new CallError(FailureCode.PROVIDER_ERROR, "no such luck"));
    }

    static CallResult badRequest() {
        return new CallResult.GiveUpOnPrompt(
                new CallError(FailureCode.INVALID_INPUT, "no such luck"));
    }

    static ModelCard priced(String name, Price price) {
        return card(name, price, OptionalInt.empty());
    }

    static ModelCard family(String name, String family) {
        return new ModelCard(
                name,
                name,
                Optional.of(family),
                Price.FREE,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Set.of(),
                RetryPolicy.DEFAULT,
                false);
    }

    static ModelCard structured(String name) {
        return new ModelCard(
                name,
                name,
                Optional.empty(),
                Price.FREE,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Set.of(),
                RetryPolicy.DEFAULT,
                true);
    }
}
