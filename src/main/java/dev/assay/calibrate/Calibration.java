package dev.assay.calibrate;

import dev.assay.bulk.RunProgress;
import dev.assay.calibrate.Gold.GoldAnswer;
import dev.assay.codec.ChatRequests;
import dev.assay.codec.JudgeReplies;
import dev.assay.codec.JudgeRequests;
import dev.assay.codec.Transcripts;
import dev.assay.decide.check.JudgeMessages;
import dev.assay.decide.check.JudgePrompt;
import dev.assay.decide.check.PairPrompt;
import dev.assay.decide.check.Steering;
import dev.assay.model.Answer;
import dev.assay.model.Candidate;
import dev.assay.model.ChatRequest;
import dev.assay.model.CheckPolicy;
import dev.assay.model.Completion;
import dev.assay.model.Constraints;
import dev.assay.model.FinishReason;
import dev.assay.model.Labels;
import dev.assay.model.Origin;
import dev.assay.model.Panel;
import dev.assay.model.Plan;
import dev.assay.model.Preference.Choice;
import dev.assay.model.Prompt;
import dev.assay.model.PromptState;
import dev.assay.model.RecordCoordinates;
import dev.assay.model.Route;
import dev.assay.model.RouteMatch;
import dev.assay.model.Strategy;
import dev.assay.model.Usage;
import dev.assay.model.Verdict;
import dev.assay.topology.DirectCheck;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.Stream;

/// Asks the judges of routes about every answer of a gold file.
///
/// Each answer is judged by each judge alone, with the rubric of its route and without its rules.
/// Who wrote an answer is no reason to pass a judge over here: how it grades its own is one of the
/// things to measure.
public final class Calibration {

    /// The most answers under way at once; how many calls fly is for the lanes to say.
    static final int MOST_UNDER_WAY = 1_000;

    private static final String UNKNOWN_AUTHOR = "(unknown)";

    private final DirectCheck checks;
    private final InstantSource clock;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final DoubleAdder costUsd = new DoubleAdder();
    private volatile long total;

    public Calibration(DirectCheck checks, InstantSource clock) {
        this.checks = checks;
        this.clock = clock;
    }

    /// A judge by the rubric of a route.
    ///
    /// @param routes all that name this judge with this very rubric
    public record Seat(String judge, CheckPolicy policy, List<String> routes) {}

    /// What a judge said of an answer.
    ///
    /// @param score empty where it gave none
    /// @param self it judged an answer of its own or of its family
    public record Said(Verdict.State state, OptionalDouble score, boolean self, double costUsd) {}

    /// Which of two answers a judge prefers, asked in both orders.
    ///
    /// @param ab asked with the first answer first; empty where no choice came
    /// @param ba asked with the second answer first
    public record Compared(Optional<Choice> ab, Optional<Choice> ba, double costUsd) {}

    /// What a judge said of a line.
    ///
    /// @param answers of each answer by itself
    /// @param compared of a pair
    private record Heard(List<Said> answers, Optional<Compared> compared) {}

    /// The judges of some routes, each once for each rubric.
    public static List<Seat> seats(List<Route> routes) {
        List<Seat> seats = new ArrayList<>();
        for (Route route : routes) {
            for (String judge : route.check().judges()) {
                Optional<Seat> same =
                        seats.stream()
                                .filter(
                                        seat ->
                                                seat.judge().equals(judge)
                                                        && seat.policy()
                                                                .rubricKey()
                                                                .equals(route.check().rubricKey())
                                                        && seat.policy().pass()
                                                                == route.check().pass())
                                .findFirst();
                same.ifPresentOrElse(
                        seat -> seat.routes().add(route.name()),
                        () ->
                                seats.add(
                                        new Seat(
                                                judge,
                                                route.check(),
                                                new ArrayList<>(List.of(route.name())))));
            }
        }
        return seats.stream()
                .map(seat -> new Seat(seat.judge(), seat.policy(), List.copyOf(seat.routes())))
                .toList();
    }

    /// How each judge did.
    ///
    /// @param wantedPrecision that a bar is sought for, above 0 and up to 1
    public List<JudgeReport> reports(Gold gold, List<Seat> seats, double wantedPrecision)
            throws InterruptedException {
        List<List<Heard>> lines = ask(gold, seats);
        List<JudgeReport> reports = new ArrayList<>();
        for (int i = 0; i < seats.size(); i++) {
            int seat = i;
            List<Heard> heard = lines.stream().map(line -> line.get(seat)).toList();
            reports.add(
                    JudgeReport.of(
                            gold,
                            seats.get(seat),
                            heard.stream().map(Heard::answers).toList(),
                            heard.stream().flatMap(line -> line.compared().stream()).toList(),
                            wantedPrecision));
        }
        return reports;
    }

    /// What was said by line, seat and answer.
    private List<List<Heard>> ask(Gold gold, List<Seat> seats) throws InterruptedException {
        total = gold.items().size();
        Semaphore underWay = new Semaphore(MOST_UNDER_WAY);
        List<List<Heard>> said = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Heard>>> lines = new ArrayList<>();
            for (Gold.Item item : gold.items()) {
                underWay.acquire();
                lines.add(
                        threads.submit(
                                () -> {
                                    try {
                                        return askAll(item, seats);
                                    } finally {
                                        underWay.release();
                                    }
                                }));
            }
            for (Future<List<Heard>> line : lines) {
                said.add(line.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("asking a judge broke", e.getCause());
        }
        return said;
    }

    /// How far it is; for any thread.
    public RunProgress progress() {
        return new RunProgress(total, true, 1, done.get(), failed.get(), costUsd.sum());
    }

    private List<Heard> askAll(Gold.Item item, List<Seat> seats) throws InterruptedException {
        List<Heard> bySeat = new ArrayList<>();
        boolean ungraded = false;
        for (Seat seat : seats) {
            List<Said> answers = new ArrayList<>();
            for (int i = 0; i < item.answers().size(); i++) {
                Said said = ask(item, i, seat);
                ungraded |= said.score().isEmpty();
                costUsd.add(said.costUsd());
                answers.add(said);
            }
            Optional<Compared> compared =
                    item instanceof Gold.Pair pair
                            ? Optional.of(compare(pair, seat))
                            : Optional.empty();
            compared.ifPresent(both -> costUsd.add(both.costUsd()));
            bySeat.add(new Heard(answers, compared));
        }
        done.incrementAndGet();
        if (ungraded) {
            failed.incrementAndGet();
        }
        return bySeat;
    }

    private Compared compare(Gold.Pair pair, Seat seat) throws InterruptedException {
        Optional<DirectCheck.Reply> ab = compare(pair, pair.a(), pair.b(), 0, seat);
        Optional<DirectCheck.Reply> ba = compare(pair, pair.b(), pair.a(), 1, seat);
        return new Compared(
                choice(ab),
                choice(ba),
                Stream.of(ab, ba)
                        .flatMap(Optional::stream)
                        .mapToDouble(DirectCheck.Reply::costUsd)
                        .sum());
    }

    private Optional<DirectCheck.Reply> compare(
            Gold.Pair pair, GoldAnswer first, GoldAnswer second, int order, Seat seat)
            throws InterruptedException {
        ChatRequest asked = ChatRequests.ofUser(pair.prompt());
        JudgeMessages messages =
                PairPrompt.messages(
                        seat.policy(),
                        Transcripts.of(asked),
                        pair.reference(),
                        shown(first, pair),
                        shown(second, pair),
                        JudgePrompt.nonce("line-" + pair.line(), 1, order));
        return checks.ask(seat.judge(), JudgeRequests.plain(messages, asked));
    }

    private static String shown(GoldAnswer answer, Gold.Pair pair) {
        return Steering.in(answer.text(), pair.prompt())
                .map(Steering.Noticed::rest)
                .orElse(answer.text());
    }

    private static Optional<Choice> choice(Optional<DirectCheck.Reply> reply) {
        return reply.flatMap(found -> PairPrompt.read(new JudgeReplies(), found.text()));
    }

    private Said ask(Gold.Item item, int index, Seat seat) throws InterruptedException {
        Route route = route(seat);
        PromptState checked = checks.check(state(item, index, route), route);
        Verdict verdict =
                checked.candidates().getFirst().verdicts().stream()
                        .filter(found -> found.kind() == Verdict.Kind.JUDGE)
                        .findFirst()
                        .orElseGet(
                                () -> Verdict.unavailable(seat.judge(), "nobody asked it", false));
        return new Said(
                verdict.state(), verdict.score(), verdict.self(), checked.spend().totalUsd());
    }

    private static Route route(Seat seat) {
        CheckPolicy policy = seat.policy();
        CheckPolicy alone =
                new CheckPolicy(
                        List.of(),
                        List.of(seat.judge()),
                        Panel.FIRST,
                        Optional.empty(),
                        policy.rubric(),
                        policy.criteria(),
                        policy.pass(),
                        1,
                        true);
        return new Route(
                "calibrate",
                RouteMatch.ANYTHING,
                new Strategy.Fixed(List.of()),
                alone,
                1,
                OptionalDouble.empty(),
                Optional.empty());
    }

    private PromptState state(Gold.Item item, int index, Route route) {
        Instant now = clock.instant();
        GoldAnswer answer = item.answers().get(index);
        String author = answer.model().orElse(UNKNOWN_AUTHOR);
        Prompt prompt =
                new Prompt(
                        "line-" + item.line() + "-" + index,
                        1,
                        ChatRequests.ofUser(item.prompt()),
                        Labels.NONE,
                        Constraints.NONE,
                        item.reference(),
                        new Origin(
                                new RecordCoordinates("", 0, item.line()),
                                Optional.empty(),
                                Optional.empty(),
                                OptionalLong.empty(),
                                now,
                                now));
        Completion completion =
                new Completion(
                        answer.text(),
                        "{}",
                        FinishReason.STOP,
                        "stop",
                        Optional.empty(),
                        false,
                        Usage.NONE,
                        Optional.empty(),
                        Optional.empty(),
                        "{}");
        Plan plan = new Plan(List.of(new Plan.Pick(author, 1, "gold")), List.of());
        return PromptState.admitted(prompt)
                .assigned(route, plan)
                .withCandidates(
                        List.of(
                                Candidate.unchecked(
                                        new Answer(author, 0, completion, 0, Duration.ZERO))));
    }
}
