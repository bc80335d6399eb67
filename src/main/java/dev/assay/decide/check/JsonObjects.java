package dev.assay.decide.check;

import java.util.Map;
import java.util.Optional;

/// Port to a JSON parser.
@FunctionalInterface
public interface JsonObjects {

    /// The members of the one JSON object that the whole text is, but for white space around it.
    /// Empty where the text is anything else: another value, broken or cut off, with something
    /// after it, with a member named twice, or with numbers that are not JSON (`NaN`). Never
    /// throws.
    ///
    /// @return values as [String], [Number], [Boolean], [java.util.List] or [Map]; members that are
    ///   null are left out
    Optional<Map<String, Object>> parse(String text);
}
