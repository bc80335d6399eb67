package dev.assay.config;

import dev.assay.config.YamlNode.Mapping;
import dev.assay.config.YamlNode.Scalar;
import dev.assay.config.YamlNode.Sequence;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/// One value of the file with its place, and the ways to read it. Each way either gives what the
/// file says, or reports what is wrong and gives nothing.
///
/// @param line that of the key, or of the item in a list
record Field(KeyPath path, int line, YamlNode node, Problems problems) {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final int LONGEST_NAME = 128;

    void problem(String message) {
        problems.add(line, path, message);
    }

    /// The value as it stands in the file, for messages; never what a variable held.
    String quoted() {
        return node instanceof Scalar scalar ? Wording.quoted(scalar.written()) : node.kind();
    }

    /// A text, which may be empty.
    Optional<String> text() {
        return scalar("a text");
    }

    /// A text; an empty one, which is what a variable with an empty default leaves, counts as
    /// absent.
    Optional<String> textUnlessEmpty() {
        return text().filter(text -> !text.isEmpty());
    }

    /// A text that is not blank.
    Optional<String> filled() {
        return text().flatMap(
                        text ->
                                text.isBlank()
                                        ? reject("is empty; give a text")
                                        : Optional.of(text));
    }

    /// A text without line breaks or control characters, as request headers need it.
    Optional<String> oneLine() {
        return text().flatMap(this::withoutControls);
    }

    /// A name: not blank, of bounded length, on one line, without space around it.
    Optional<String> name() {
        return filled().flatMap(this::withoutControls)
                .flatMap(
                        name -> {
                            if (name.length() > LONGEST_NAME) {
                                return reject(
                                        "has more than %d characters; shorten it"
                                                .formatted(LONGEST_NAME));
                            }
                            return name.equals(name.strip())
                                    ? Optional.of(name)
                                    : reject("has space around it; remove it");
                        });
    }

    OptionalInt integer(int least, int most) {
        Optional<String> text = scalar("a whole number");
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!WHOLE_NUMBER.matcher(text.get()).matches()) {
            problem(quoted() + " is not a whole number; write digits only");
            return OptionalInt.empty();
        }
        long value = Long.parseLong(text.get());
        if (value < least || value > most) {
            problem(outOfRange(Integer.toString(least), Integer.toString(most)));
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) value);
    }

    OptionalDouble number(double least, double most) {
        Optional<String> text = scalar("a number");
        if (text.isEmpty()) {
            return OptionalDouble.empty();
        }
        if (!NUMBER.matcher(text.get()).matches()) {
            problem(quoted() + " is not a number; write one such as 0.5");
            return OptionalDouble.empty();
        }
        double value = Double.parseDouble(text.get());
        if (value < least || value > most) {
            problem(outOfRange(plain(least), plain(most)));
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(value);
    }

    Optional<Duration> duration(Duration least, Duration most) {
        Optional<String> text = scalar("a duration");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> duration = DurationText.parse(text.get());
        if (duration.isEmpty()) {
            return reject(
                    quoted()
                            + " is not a duration; write a number with ms, s, m, h or d, such as"
                            + " 60s");
        }
        boolean within =
                duration.get().compareTo(least) >= 0 && duration.get().compareTo(most) <= 0;
        return within
                ? duration
                : reject(outOfRange(DurationText.format(least), DurationText.format(most)));
    }

    Optional<Boolean> flag() {
        return scalar("true or false")
                .flatMap(
                        text ->
                                switch (text) {
                                    case "true" -> Optional.of(true);
                                    case "false" -> Optional.of(false);
                                    default ->
                                            reject(
                                                    quoted()
                                                            + " is neither true nor false; write"
                                                            + " one of them");
                                });
    }

    /// One of a few words.
    ///
    /// @param later words that are known but not supported yet, each with what to use instead
    <T> Optional<T> choice(Map<String, T> words, Map<String, String> later) {
        return scalar("one word")
                .flatMap(
                        word -> {
                            Optional<T> chosen = Optional.ofNullable(words.get(word));
                            if (chosen.isPresent()) {
                                return chosen;
                            }
                            if (later.containsKey(word)) {
                                return reject(
                                        word
                                                + " is not supported by this version; use "
                                                + later.get(word));
                            }
                            TreeSet<String> sorted = new TreeSet<>(words.keySet());
                            return reject(
                                    "%s is unknown%s; use one of %s"
                                            .formatted(
                                                    quoted(),
                                                    suggestion(sorted),
                                                    Wording.list(sorted)));
                        });
    }

    /// ` (did you mean x?)` for the value as it stands in the file, where one of the words is near.
    String suggestion(Collection<String> words) {
        return node instanceof Scalar scalar ? Wording.suggestion(scalar.written(), words) : "";
    }

    /// The items of a list.
    List<Field> items() {
        if (!(node instanceof Sequence sequence)) {
            rejectKind("a list, as in [a, b]");
            return List.of();
        }
        List<Field> items = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            items.add(new Field(path.item(items.size()), item.line(), item, problems));
        }
        return items;
    }

    /// The items of a list that may not be empty.
    List<Field> filledItems() {
        if (node instanceof Sequence sequence && sequence.items().isEmpty()) {
            problem("is an empty list; name at least one");
        }
        return items();
    }

    /// The items of a list, each read in the same way, none twice.
    static List<String> distinct(List<Field> items, Function<Field, Optional<String>> reading) {
        Set<String> names = new LinkedHashSet<>();
        for (Field item : items) {
            reading.apply(item)
                    .filter(name -> !names.add(name))
                    .ifPresent(
                            twice ->
                                    item.problem(
                                            item.quoted()
                                                    + " stands twice in this list; remove one"));
        }
        return List.copyOf(names);
    }

    /// The entries of a mapping whose keys are free.
    Map<String, Field> members() {
        if (!(node instanceof Mapping mapping)) {
            rejectKind("a mapping, as in {key: value}");
            return Map.of();
        }
        Map<String, Field> members = new LinkedHashMap<>();
        mapping.members()
                .forEach(
                        (key, member) ->
                                members.put(
                                        key,
                                        new Field(
                                                path.member(key),
                                                member.line(),
                                                member.value(),
                                                problems)));
        return members;
    }

    /// A mapping whose keys are free, each value read in the same way.
    <T> Map<String, T> members(Function<Field, Optional<T>> reading) {
        Map<String, T> values = new LinkedHashMap<>();
        members()
                .forEach(
                        (key, member) ->
                                reading.apply(member).ifPresent(value -> values.put(key, value)));
        return values;
    }

    /// A mapping whose keys are fixed.
    Optional<Section> section() {
        if (node instanceof Mapping mapping) {
            return Optional.of(new Section(path, line, mapping, problems));
        }
        rejectKind("a mapping, as in {key: value}");
        return Optional.empty();
    }

    <T> Optional<T> reject(String message) {
        problem(message);
        return Optional.empty();
    }

    private Optional<String> scalar(String wanted) {
        if (node instanceof Scalar scalar && !scalar.isNull()) {
            return scalar.value();
        }
        rejectKind(wanted);
        return Optional.empty();
    }

    private void rejectKind(String wanted) {
        boolean absent = node instanceof Scalar scalar && scalar.isNull();
        problem(
                absent
                        ? "has no value; give " + wanted + ", or leave the key out"
                        : "must be " + wanted + ", not " + node.kind());
    }

    private Optional<String> withoutControls(String text) {
        return CONTROL.matcher(text).find()
                ? reject("has a line break or another control character; remove it")
                : Optional.of(text);
    }

    private String outOfRange(String least, String most) {
        return "%s is out of range; write a value from %s to %s".formatted(quoted(), least, most);
    }

    private static String plain(double value) {
        return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
}
