package dev.assay.config;

import dev.assay.model.CheckPolicy;
import dev.assay.model.CheckPolicy.Agreement;
import dev.assay.model.Criterion;
import dev.assay.model.Panel;
import dev.assay.model.Rule.Comparison;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads `check` of a route.
final class CheckReader {

    private static final double BEST_GRADE = 10;
    private static final int MOST_CRITERIA = 20;
    private static final double SMALLEST_WEIGHT = 0.001;
    private static final double LARGEST_WEIGHT = 1_000;
    private static final Pattern CRITERION_NAME = Pattern.compile("[\\p{L}\\p{N} _-]+");

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
        Optional<Agreement> agreement = agreement(check);
        List<String> judges = models.read(check.items("judges"));
        List<Criterion> criteria = criteria(check);
        CheckPolicy policy =
                new CheckPolicy(
                        rules.read(check),
                        judges,
                        panel(check, judges.size()),
                        agreement,
                        check.field("rubric")
                                .flatMap(Field::filled)
                                .orElse(
                                        criteria.isEmpty()
                                                ? CheckPolicy.DEFAULT_RUBRIC
                                                : CheckPolicy.CRITERIA_RUBRIC),
                        criteria,
                        check.number("pass", 0, BEST_GRADE).orElse(CheckPolicy.DEFAULT_PASS),
                        check.number("sample", 0, 1).orElse(1),
                        check.field("allow_self").flatMap(Field::flag).orElse(false));
        check.refuseUnknownKeys();
        return policy;
    }

    private static List<Criterion> criteria(Section check) {
        List<Field> items = check.field("criteria").map(Field::filledItems).orElse(List.of());
        if (items.size() > MOST_CRITERIA) {
            check.field("criteria")
                    .ifPresent(
                            field ->
                                    field.problem(
                                            "has more than %d items; a judge keeps no more apart"
                                                    .formatted(MOST_CRITERIA)));
        }
        List<Criterion> criteria = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Field item : items) {
            item.section()
                    .map(CheckReader::criterion)
                    .ifPresent(
                            criterion -> {
                                if (!names.add(criterion.name())) {
                                    item.problem(
                                            "bears a name that stands twice in this list; rename"
                                                    + " one");
                                }
                                criteria.add(criterion);
                            });
        }
        return criteria;
    }

    private static Criterion criterion(Section item) {
        Criterion criterion =
                new Criterion(
                        item.required("name", "name: correctness")
                                .flatMap(CheckReader::criterionName)
                                .orElse(""),
                        item.number("weight", SMALLEST_WEIGHT, LARGEST_WEIGHT).orElse(1),
                        item.required("description", "description: every claim is right")
                                .flatMap(Field::filled)
                                .orElse(""));
        item.refuseUnknownKeys();
        return criterion;
    }

    /// A judge writes the name into its JSON, so it is plain.
    private static Optional<String> criterionName(Field field) {
        return field.name()
                .flatMap(
                        name ->
                                CRITERION_NAME.matcher(name).matches()
                                        ? Optional.of(name)
                                        : field.reject(
                                                field.quoted()
                                                        + " has characters that a judge would"
                                                        + " have to escape; write letters, digits,"
                                                        + " spaces, _ and -"));
    }

    private Optional<Agreement> agreement(Section check) {
        Optional<Field> field = check.field("agreement");
        if (field.isEmpty()) {
            check.misplaced(
                    "compare", "belongs to agreement; leave it out, or set agreement: MODEL");
            return Optional.empty();
        }
        Optional<Comparison> by = EnsembleReader.comparison(check);
        return field.flatMap(models::one).map(model -> new Agreement(model, by));
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
