package dev.assay.cli;

import dev.assay.backtest.Backtest;
import dev.assay.backtest.BacktestOptions;
import dev.assay.backtest.BacktestOptions.Choosing;
import dev.assay.backtest.BacktestReport;
import dev.assay.backtest.Feedback;
import dev.assay.backtest.LearnFrom;
import dev.assay.backtest.Logged;
import dev.assay.backtest.LoggedBacktest;
import dev.assay.backtest.LoggedJson;
import dev.assay.backtest.LoggedReport;
import dev.assay.backtest.LoggedText;
import dev.assay.backtest.Picture;
import dev.assay.backtest.Quality;
import dev.assay.backtest.ReportJson;
import dev.assay.backtest.ReportText;
import dev.assay.backtest.topic.LoggedReader;
import dev.assay.bulk.FileTrouble;
import dev.assay.bulk.InputException;
import dev.assay.cli.Errors.BadInput;
import dev.assay.cli.Errors.CannotRun;
import dev.assay.codec.RegistrySerdes;
import dev.assay.config.TopologyFile;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/// `assay backtest`.
@Command(
        name = "backtest",
        description = {
            "Replays recorded answers and grades through the decisions of a topology file, without calling a model: what the"
                    + " policy would have cost and how good it would have been, beside its controls.",
            "With --from-topic the same of what a running pipeline recorded: estimated from the models it happened to ask,"
                    + " which it must have explored for that.",
            ""
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  assay backtest records.jsonl -t topology/cascade.yaml",
            "  assay backtest --from-topic --last 5000 -t other.yaml"
        })
final class BacktestCommand implements Callable<Integer> {

    private static final int LEAST_FOLDS = 2;

    /// Results of --from-topic; they and their prompts are held in memory.
    private static final int MOST_RESULTS = 200_000;

    /// What of a prompt can be ignored.
    enum Ignored {
        task
    }

    @Spec private CommandSpec spec;

    /// What can be said only of a file of records.
    private static final List<String> OF_RECORDS =
            List.of(
                    "--quality",
                    "--learn-from",
                    "--feedback",
                    "--choose",
                    "--at-least",
                    "--usd-per-point",
                    "--ignore",
                    "--svg");

    @Parameters(
            paramLabel = "RECORDS",
            arity = "0..1",
            description =
                    "JSONL, a prompt a line, also gzipped: {\"id\", \"prompt\", \"answers\": {MODEL: {...}}, \"grades\":"
                            + " {JUDGE: {MODEL: 1..10}}}; see docs/backtest.md")
    private Optional<Path> records = Optional.empty();

    @Option(
            names = "--from-topic",
            description = "Instead of RECORDS: the results of a running pipeline")
    private boolean fromTopic;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "With --from-topic: at most so many results, the newest; default: ${DEFAULT-VALUE}")
    private int last;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "With --from-topic: results of so long ago or less, as 30m or 24h")
    private Optional<Duration> since = Optional.empty();

    @Mixin private StackOptions stack;

    @Mixin private TopologyOption topology;

    @Option(
            names = "--quality",
            paramLabel = "MEASURE",
            description =
                    "${COMPLETION-CANDIDATES}; default: correct where it is known of all answers, else score")
    private Optional<Quality> quality = Optional.empty();

    @Option(
            names = "--learn-from",
            paramLabel = "LABEL",
            defaultValue = "truth",
            converter = LearnFromConverter.class,
            description =
                    "What learners are told of answers in training: truth (the quality itself), or grades:JUDGE (what that"
                            + " judge said, as on the live road); default: ${DEFAULT-VALUE}")
    private LearnFrom learnFrom;

    @Option(
            names = "--feedback",
            paramLabel = "KIND",
            defaultValue = "FULL",
            description =
                    "Which answers teach in training, ${COMPLETION-CANDIDATES}: those of all models, or those of the models"
                            + " that the policy itself called, exploring as it goes; default: ${DEFAULT-VALUE}")
    private Feedback feedback;

    @Option(
            names = "--choose",
            paramLabel = "N",
            description =
                    "Choose a cascade of at most N of the route's models and the model whose agreement is asked, on all folds"
                            + " but the one it is scored on")
    private Optional<Integer> most = Optional.empty();

    @Option(
            names = "--at-least",
            paramLabel = "MODEL",
            description =
                    "With --choose: the goal is the least cost at no less quality in training than this model's alone")
    private Optional<String> atLeast = Optional.empty();

    @Option(
            names = "--usd-per-point",
            paramLabel = "USD",
            defaultValue = "" + BacktestOptions.DEFAULT_USD_PER_POINT,
            description =
                    "What --choose takes one point of grade to be worth; right or wrong is 10 points apart; default:"
                            + " ${DEFAULT-VALUE}")
    private double usdPerPoint;

    @Option(
            names = "--folds",
            paramLabel = "N",
            defaultValue = "" + BacktestOptions.DEFAULT_FOLDS,
            description =
                    "What is learned is scored on one of N parts of the prompts and trained on the others; default:"
                            + " ${DEFAULT-VALUE}")
    private int folds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of all that chance decides; default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--ignore",
            paramLabel = "FIELD",
            description = "${COMPLETION-CANDIDATES}: take prompts as if they had none")
    private Optional<Ignored> ignored = Optional.empty();

    @Option(names = "--json", description = "Print one JSON object instead of tables")
    private boolean json;

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            description = "Draw quality over cost into this file as well")
    private Optional<Path> svg = Optional.empty();

    @Override
    public Integer call() throws InputException {
        require(folds >= LEAST_FOLDS, "--folds must be %d or more".formatted(LEAST_FOLDS));
        require(most.orElse(1) >= 1, "--choose must be 1 or more");
        require(usdPerPoint > 0, "--usd-per-point must be more than 0");
        require(last >= 1 && last <= MOST_RESULTS, "--last must be from 1 to " + MOST_RESULTS);
        require(
                fromTopic != records.isPresent(),
                "name a file of RECORDS, or else --from-topic to take what a running pipeline recorded");
        return fromTopic ? ofTopic() : ofRecords(records.orElseThrow());
    }

    private int ofTopic() {
        ParseResult given = spec.commandLine().getParseResult();
        OF_RECORDS.forEach(
                name ->
                        require(
                                !given.hasMatchedOption(name),
                                name
                                        + " is of files of records and says nothing with --from-topic"));
        TopologyFile file = topology.parse();
        Set<String> existing = stack.existingTopics();
        for (String topic : List.of(stack.topics().graded(), stack.topics().flagged())) {
            if (!existing.contains(topic)) {
                throw new BadInput(
                        "there is no topic %s; the pipeline makes it when it starts, and --prefix says how its topics begin"
                                .formatted(topic));
            }
        }
        Map<String, String> tenantTopics = new HashMap<>();
        file.tenants()
                .forEach(
                        tenant ->
                                tenant.topic()
                                        .ifPresent(
                                                topic ->
                                                        tenantTopics.put(
                                                                stack.topics().ofTenant(topic),
                                                                tenant.name())));
        RegistrySerdes serdes = stack.serdes();
        try (var consumer =
                new KafkaConsumer<>(
                        stack.consumerSettings(true),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            Logged logged =
                    new LoggedReader(consumer, stack.topics(), serdes, tenantTopics)
                            .read(new LoggedReader.Which(since.map(Instant.now()::minus), last));
            LoggedReport report = LoggedBacktest.run(file, logged, folds, seed);
            print(json ? LoggedJson.text(report) + System.lineSeparator() : LoggedText.of(report));
        }
        return ExitCodes.DONE;
    }

    private int ofRecords(Path path) throws InputException {
        require(
                atLeast.isEmpty() || most.isPresent(),
                "--at-least says how --choose chooses; name both");
        Optional<Choosing> choosing =
                most.map(models -> new Choosing(models, usdPerPoint, atLeast));
        BacktestReport report =
                Backtest.run(
                        topology.parse(),
                        path,
                        new BacktestOptions(
                                quality,
                                learnFrom,
                                feedback,
                                choosing,
                                folds,
                                seed,
                                ignored.isPresent()));
        svg.ifPresent(file -> write(file, Picture.svg(report)));
        print(json ? ReportJson.text(report) + System.lineSeparator() : ReportText.of(report));
        return ExitCodes.DONE;
    }

    private void print(String text) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
    }

    private void require(boolean sound, String otherwise) {
        if (!sound) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    /// Reads `--learn-from`.
    static final class LearnFromConverter implements ITypeConverter<LearnFrom> {
        @Override
        public LearnFrom convert(String value) {
            return LearnFrom.parse(value)
                    .orElseThrow(
                            () ->
                                    new TypeConversionException(
                                            "'%s' is neither truth nor grades:JUDGE"
                                                    .formatted(value)));
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new CannotRun("cannot write " + file + ": " + FileTrouble.reason(e));
        }
    }
}
