package dev.assay.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.assay.model.Rule;
import dev.assay.model.Rule.Comparison;
import dev.assay.model.Rule.Unit;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Reads the entries of `check.rules`.
final class RuleReader {

    /// Bounds the depth to which a pattern can nest, which costs stack when it is compiled.
    private static final int LONGEST_REGEX = 1_000;

    static final Map<String, Comparison> COMPARISONS =
            Map.of(
                    "number",
                    Comparison.NUMBER,
                    "choice",
                    Comparison.CHOICE,
                    "text",
                    Comparison.TEXT);

    private static final Map<String, Rule.Case> CASES =
            Map.of("lower", Rule.Case.LOWER, "upper", Rule.Case.UPPER);

    /// How keys name what they count.
    private static final Map<Unit, String> UNITS =
            new EnumMap<>(
                    Map.of(
                            Unit.CHARACTERS, "chars",
                            Unit.WORDS, "words",
                            Unit.SENTENCES, "sentences",
                            Unit.PARAGRAPHS, "paragraphs",
                            Unit.BULLETS, "bullets"));

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final Path folder;

    /// @param folder what paths in the file are relative to
    RuleReader(Path folder) {
        this.folder = folder;
    }

    List<Rule> read(Section check) {
        List<Rule> rules = new ArrayList<>();
        for (Field item : check.items("rules")) {
            item.section().ifPresent(rule -> rules.addAll(read(item, rule)));
        }
        return rules;
    }

    private List<Rule> read(Field item, Section rule) {
        List<Rule> found = new ArrayList<>();
        int problemsBefore = item.problems().count();
        rule.field("json_schema").flatMap(this::jsonSchema).ifPresent(found::add);
        rule.field("regex").flatMap(RuleReader::regex).ifPresent(found::add);
        rule.integer("max_chars", 1, Integer.MAX_VALUE)
                .ifPresent(max -> found.add(new Rule.MaxChars(max)));
        counts(rule, found);
        text(rule, "contains", Rule.Contains::new).ifPresent(found::add);
        text(rule, "excludes", Rule.Excludes::new).ifPresent(found::add);
        text(rule, "starts_with", Rule.StartsWith::new).ifPresent(found::add);
        text(rule, "ends_with", Rule.EndsWith::new).ifPresent(found::add);
        rule.field("case")
                .flatMap(field -> field.choice(CASES, Map.of()))
                .map(Rule.Cased::new)
                .ifPresent(found::add);
        rule.field("json").flatMap(RuleReader::json).ifPresent(found::add);
        rule.field("equals_reference").flatMap(RuleReader::equalsReference).ifPresent(found::add);
        rule.refuseUnknownKeys();
        if (found.size() > 1) {
            item.problem("holds more than one rule; begin each with a - of its own");
        } else if (found.isEmpty() && item.problems().count() == problemsBefore) {
            item.problem("holds no rule; write one such as {max_chars: 4000}");
        }
        return found;
    }

    private static void counts(Section rule, List<Rule> found) {
        UNITS.forEach(
                (unit, word) -> {
                    String least = "min_" + word;
                    rule.integer(least, 1, Integer.MAX_VALUE)
                            .ifPresent(
                                    count ->
                                            found.add(
                                                    new Rule.Count(
                                                            least,
                                                            unit,
                                                            count,
                                                            Integer.MAX_VALUE)));
                    if (unit != Unit.CHARACTERS) {
                        String most = "max_" + word;
                        rule.integer(most, 0, Integer.MAX_VALUE)
                                .ifPresent(
                                        count -> found.add(new Rule.Count(most, unit, 0, count)));
                    }
                });
    }

    private static Optional<Rule> text(Section rule, String key, Function<String, Rule> made) {
        return rule.field(key).flatMap(Field::filled).map(made);
    }

    private static Optional<Rule> json(Field field) {
        return field.flag()
                .flatMap(
                        wanted ->
                                wanted
                                        ? Optional.of(new Rule.Json())
                                        : field.reject(
                                                "can only be true; leave the rule out instead"));
    }

    private Optional<Rule> jsonSchema(Field field) {
        return field.filled()
                .flatMap(
                        text -> {
                            Optional<String> json = readSchema(field, text);
                            return json.map(schema -> new Rule.JsonSchema(text, schema));
                        });
    }

    private Optional<String> readSchema(Field field, String name) {
        try {
            String json = TextFile.read(folder.resolve(name));
            if (!JSON.readTree(json).isObject()) {
                return field.reject(field.quoted() + " holds no JSON object; a JSON schema is one");
            }
            Optional<String> wrong = SchemaFile.wrongIn(json);
            return wrong.isPresent()
                    ? field.reject(
                            "%s is no JSON schema that can be used: %s; mend it"
                                    .formatted(field.quoted(), Wording.shown(wrong.get())))
                    : Optional.of(json);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            return field.reject(
                    "%s is not JSON, see its line %d; mend it".formatted(field.quoted(), line));
        } catch (IOException | InvalidPathException e) {
            return field.reject(
                    "%s cannot be read: %s; paths are relative to the topology file's folder"
                            .formatted(field.quoted(), TextFile.reason(e)));
        }
    }

    private static Optional<Rule> regex(Field field) {
        return field.filled()
                .flatMap(
                        text -> {
                            if (text.length() > LONGEST_REGEX) {
                                return field.reject(
                                        "has more than %d characters; shorten it"
                                                .formatted(LONGEST_REGEX));
                            }
                            try {
                                return Optional.of(new Rule.Regex(Pattern.compile(text)));
                            } catch (PatternSyntaxException e) {
                                return field.reject(
                                        "%s is no Java regular expression: %s at index %d; mend it"
                                                .formatted(
                                                        field.quoted(),
                                                        e.getDescription(),
                                                        e.getIndex()));
                            }
                        });
    }

    private static Optional<Rule> equalsReference(Field field) {
        return field.choice(COMPARISONS, Map.of()).map(Rule.EqualsReference::new);
    }
}
