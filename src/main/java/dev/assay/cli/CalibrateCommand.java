package dev.assay.cli;

import dev.assay.bulk.InputException;
import dev.assay.calibrate.Calibration;
import dev.assay.calibrate.CalibrationJson;
import dev.assay.calibrate.CalibrationText;
import dev.assay.calibrate.Combination;
import dev.assay.calibrate.Gold;
import dev.assay.calibrate.GoldReader;
import dev.assay.calibrate.JudgeReport;
import dev.assay.calibrate.VotesReader;
import dev.assay.cli.Errors.BadInput;
import dev.assay.cli.Errors.CannotRun;
import dev.assay.config.TopologyFile;
import dev.assay.model.Route;
import dev.assay.provider.Providers;
import dev.assay.topology.DirectCheck;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;

/// `assay calibrate`.
@Command(
        name = "calibrate",
        description = {
            "Measures the judges of a topology file against gold labels: how far they agree, what they favour, and which bar"
                    + " meets a wanted precision. Calls the judges.",
            ""
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  assay calibrate gold.jsonl -t topology/cascade.yaml --precision 0.95")
final class CalibrateCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "GOLD",
            description =
                    "JSONL: {\"prompt\", \"answer\", \"label\": 0..10} a line, or pairs {\"prompt\", \"answer_a\","
                            + " \"answer_b\", \"label\": \"a\"|\"b\"}; see docs/checking.md")
    private Path gold;

    @Mixin private TopologyOption topology;

    @Option(
            names = "--route",
            paramLabel = "NAME",
            description = "Only the judges of this route; default: of all routes")
    private Optional<String> routeName = Optional.empty();

    @Option(
            names = "--precision",
            paramLabel = "SHARE",
            defaultValue = "0.9",
            description =
                    "Share of passed answers that shall be good, 0 to 1; default: ${DEFAULT-VALUE}")
    private double precision;

    @Option(
            names = "--recorded",
            description =
                    "GOLD holds pairs with what judges said of them on record; no judge is called: how good they are together,"
                            + " each weighed by what it did on the other half")
    private boolean recorded;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "With --recorded: how the pairs are halved; default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--json", description = "Print one JSON object instead of tables")
    private boolean json;

    @Override
    public Integer call() throws InputException {
        if (!(precision > 0 && precision <= 1)) {
            throw new ParameterException(
                    spec.commandLine(), "--precision is a share above 0 and up to 1, such as 0.9");
        }
        if (recorded) {
            return together();
        }
        TopologyFile file = topology.parse();
        List<Calibration.Seat> seats = Calibration.seats(routes(file));
        if (seats.isEmpty()) {
            throw new BadInput(
                    "no route of %s has judges; name some in check.judges"
                            .formatted(topology.path()));
        }
        Gold labels = GoldReader.read(gold);
        if (file.simulatedOnly()) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "all models of %s are simulated: their judges understand only simulated answers%n",
                            topology.path());
        }
        List<JudgeReport> reports = ask(file, labels, seats);
        spec.commandLine()
                .getOut()
                .print(
                        json
                                ? CalibrationJson.text(labels, reports, precision)
                                        + System.lineSeparator()
                                : CalibrationText.of(labels, reports, precision));
        spec.commandLine().getOut().flush();
        if (reports.stream().allMatch(report -> report.scored() == 0)) {
            throw new CannotRun(
                    "no judge gave a score; see the shares above, and whether their servers run");
        }
        return reports.stream().allMatch(report -> report.scored() == report.asked())
                ? ExitCodes.DONE
                : ExitCodes.SOME_FAILED;
    }

    private int together() throws InputException {
        Combination combined = Combination.of(VotesReader.read(gold), seed);
        spec.commandLine()
                .getOut()
                .print(json ? combined.json() + System.lineSeparator() : combined.text());
        spec.commandLine().getOut().flush();
        return ExitCodes.DONE;
    }

    private List<JudgeReport> ask(TopologyFile file, Gold labels, List<Calibration.Seat> seats) {
        Clock clock = Clock.systemUTC();
        try (Providers providers = Providers.of(file)) {
            DirectCheck checks = new DirectCheck(file, providers.byModel(), clock, new Random());
            Calibration calibration = new Calibration(checks, clock);
            try (ProgressDisplay _ =
                    ProgressDisplay.start(
                            spec.commandLine().getErr(), calibration::progress, checks::inFlight)) {
                return calibration.reports(labels, seats, precision);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRun("interrupted before all judges had answered", e);
        }
    }

    private List<Route> routes(TopologyFile file) {
        if (routeName.isEmpty()) {
            return file.routes();
        }
        List<Route> named =
                file.routes().stream()
                        .filter(route -> route.name().equals(routeName.get()))
                        .toList();
        if (named.isEmpty()) {
            throw new BadInput(
                    "%s has no route %s; it has %s"
                            .formatted(
                                    topology.path(),
                                    routeName.get(),
                                    file.routes().stream().map(Route::name).toList()));
        }
        return named;
    }
}
