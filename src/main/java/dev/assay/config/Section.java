package dev.assay.config;

import dev.assay.config.YamlNode.Mapping;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/// A mapping of the file whose keys are fixed. It learns the keys that exist from being asked for
/// them, so that [#refuseUnknownKeys], called last, knows what is left over.
final class Section {

    private final KeyPath path;
    private final int line;
    private final Mapping mapping;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> offered = new LinkedHashSet<>();

    Section(KeyPath path, int line, Mapping mapping, Problems problems) {
        this.path = path;
        this.line = line;
        this.mapping = mapping;
        this.problems = problems;
    }

    /// The value of a key, where it is there.
    Optional<Field> field(String key) {
        known.add(key);
        offered.add(key);
        return present(key);
    }

    /// The value of a key that must be there.
    ///
    /// @param example what to write, as in `name: my-pipeline`
    Optional<Field> required(String key, String example) {
        Optional<Field> field = field(key);
        if (field.isEmpty()) {
            problem("has no %s; add %s".formatted(key, example));
        }
        return field;
    }

    /// A key that has a meaning, but not in this version.
    void notYet(String key, String instead) {
        known.add(key);
        present(key)
                .ifPresent(
                        field ->
                                field.problem(
                                        key + " is not supported by this version; " + instead));
    }

    /// A key that has a meaning, but not here.
    void misplaced(String key, String why) {
        known.add(key);
        present(key).ifPresent(field -> field.problem(why));
    }

    void refuseUnknownKeys() {
        mapping.members()
                .forEach(
                        (key, member) -> {
                            if (!known.contains(key)) {
                                String known = Wording.list(offered);
                                problems.add(
                                        member.line(),
                                        path.member(key),
                                        "unknown key%s; the keys here are %s"
                                                .formatted(
                                                        Wording.suggestion(key, offered), known));
                            }
                        });
    }

    /// How many problems the whole file has so far.
    int problemCount() {
        return problems.count();
    }

    void problem(String message) {
        problems.add(line, path, message);
    }

    private Optional<Field> present(String key) {
        return Optional.ofNullable(mapping.members().get(key))
                .map(
                        member ->
                                new Field(
                                        path.member(key), member.line(), member.value(), problems));
    }

    OptionalInt integer(String key, int least, int most) {
        return field(key).map(field -> field.integer(least, most)).orElse(OptionalInt.empty());
    }

    OptionalDouble number(String key, double least, double most) {
        return field(key).map(field -> field.number(least, most)).orElse(OptionalDouble.empty());
    }

    Optional<Duration> duration(String key, Duration least, Duration most) {
        return field(key).flatMap(field -> field.duration(least, most));
    }

    Optional<Section> section(String key) {
        return field(key).flatMap(Field::section);
    }

    List<Field> items(String key) {
        return field(key).map(Field::items).orElse(List.of());
    }

    /// A list of names, none twice; absent is empty.
    List<String> names(String key) {
        return Field.distinct(items(key), Field::name);
    }

    /// A list of names, none twice and at least one where the key is there; absent is empty.
    List<String> filledNames(String key) {
        return Field.distinct(field(key).map(Field::filledItems).orElse(List.of()), Field::name);
    }

    Map<String, String> texts(String key) {
        return field(key).map(field -> field.members(Field::text)).orElse(Map.of());
    }
}
