package dev.assay.config;

import dev.assay.model.CheckPolicy;
import dev.assay.model.Panel;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Reads `check` of a route.
final class CheckReader {

    private static final double BEST_GRADE = 10;

    private static final Map<String, Panel.Kind> PANELS =
            Map.of(
                    "first", Panel.Kind.FIRST,
                    "median", Panel.Kind.MEDIAN,
                    "mean", Panel.Kind.MEAN,
                    "majority", Panel.Kind.MAJORITY);

    private final ModelNames models;
    private final RuleReader rules;

    CheckReader(ModelNames models, RuleReader rules) {
        this.models = models;
        this.rules = rules;
    }

    CheckPolicy read(Section check) {
        check.notYet("agreement", "use judges, or the rule equals_reference");
        List<String> judges = models.read(check.items("judges"));
        CheckPolicy policy =
                new CheckPolicy(
                        rules.read(check),
                        judges,
                        panel(check, judges.size()),
                        check.field("rubric")
                                .flatMap(Field::filled)
                                .orElse(CheckPolicy.DEFAULT_RUBRIC),
                        check.number("pass", 0, BEST_GRADE).orElse(CheckPolicy.DEFAULT_PASS),
                        check.number("sample", 0, 1).orElse(1),
                        check.field("allow_self").flatMap(Field::flag).orElse(false));
        check.refuseUnknownKeys();
        return policy;
    }

    /// The panel; where the file sets no quorum, more than half of the judges.
    private static Panel panel(Section check, int judges) {
        Panel.Kind kind =
                check.field("panel")
                        .flatMap(field -> field.choice(PANELS, Map.of()))
                        .orElse(Panel.Kind.FIRST);
        OptionalInt quorum = check.integer("quorum", 1, Math.max(1, judges));
        if (kind == Panel.Kind.FIRST) {
            if (quorum.isPresent()) {
                check.field("quorum")
                        .ifPresent(
                                field ->
                                        field.problem(
                                                "belongs to a panel of several, as the first"
                                                        + " score decides here; leave it out, or"
                                                        + " set panel: median, mean or majority"));
            }
            return Panel.FIRST;
        }
        return new Panel(kind, quorum.orElse(judges / 2 + 1));
    }
}
