package dev.assay.config;

import dev.assay.config.YamlNode.Mapping;
import dev.assay.config.YamlNode.Scalar;
import dev.assay.config.YamlNode.Sequence;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A value of the file as JSON: Map, List, String, Integer, Long, BigInteger, Double or Boolean,
/// all unmodifiable. Quoted values are texts; the others are what they look like once variables are
/// put in.
final class JsonReader {

    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9]\\d{0,999})");
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    private JsonReader() {}

    static Optional<Object> read(Field field) {
        return switch (field.node()) {
            case Scalar scalar -> scalar(field, scalar);
            case Sequence _ -> {
                List<Object> items = new ArrayList<>();
                field.items().forEach(item -> read(item).ifPresent(items::add));
                yield Optional.of(Collections.unmodifiableList(items));
            }
            case Mapping _ ->
                    Optional.of(Collections.unmodifiableMap(field.members(JsonReader::read)));
        };
    }

    private static Optional<Object> scalar(Field field, Scalar scalar) {
        Optional<String> text = field.text();
        return text.isEmpty() || scalar.quoted() ? text.map(t -> t) : unquoted(field, text.get());
    }

    private static Optional<Object> unquoted(Field field, String text) {
        if (text.equals("true") || text.equals("false")) {
            return Optional.of(Boolean.valueOf(text));
        }
        if (WHOLE.matcher(text).matches()) {
            BigInteger value = new BigInteger(text);
            return switch (value.bitLength() / Integer.SIZE) {
                case 0 -> Optional.of(value.intValue());
                case 1 -> Optional.of(value.longValue());
                default -> Optional.of(value);
            };
        }
        if (NUMBER.matcher(text).matches()) {
            double value = Double.parseDouble(text);
            return Double.isFinite(value)
                    ? Optional.of(value)
                    : field.reject(
                            field.quoted() + " is too large for a number; write a smaller one");
        }
        return Optional.of(text);
    }
}
