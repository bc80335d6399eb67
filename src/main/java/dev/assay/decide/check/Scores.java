package dev.assay.decide.check;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Scores as judges write them, 1 to 10.
final class Scores {

    private static final Set<String> LABELS = Set.of("score", "rating", "grade");
    private static final double MIN = 1;
    private static final double MAX = 10;

    /// A number, alone or out of ten.
    private static final Pattern WRITTEN =
            Pattern.compile(
                    "\\s*(\\d{1,3}(?:\\.\\d{1,9})?)(?:\\s*(?:/|out\\s+of)\\s*10(?:\\.0{1,9})?)?\\s*");

    /// A score in prose. The number is taken with all that clings to it, so that `85%`, `1-10` or
    /// `3/5` are seen to be something else and not cut down to a score.
    private static final Pattern PHRASE =
            Pattern.compile(
                    """
                    \\[\\[ \\s* (?<bracketed> -? \\d [^\\[\\]\\n]{0,20} ) ]]
                    | (?<! [\\d./-] )
                      (?<ratio> -? \\d{1,9} (?: \\.\\d{1,9} )? \\s? (?: / | \\b out \\s of \\b ) \\s? 10 )
                      (?! \\d | [./,-]\\d | % )
                    | (?i: \\b (?: score | rating | grade ) \\b ) [*_"'`\\s]{0,4}
                      (?i: [:=] | \\b (?: is | of ) \\b ) [*_"'`:\\s]{0,6}
                      (?<labelled> -? \\d [\\d.,/%–-]{0,20}+
                          (?: \\s (?: / | out \\s of ) \\s? [\\d.]{1,9} | \\s to \\s \\d{1,9} )?+
                      )
                      (?! \\p{L} )
                    """,
                    Pattern.COMMENTS);

    private static final Pattern SENTENCE_END = Pattern.compile("[.,–-]+$");

    /// The key of a score, however quoted and escaped.
    private static final Pattern KEY =
            Pattern.compile(
                    "(?i)(?<![\\p{L}\\p{N}])(?:score|rating|grade)[\"'`*_\\\\\\s]{0,16}[:=]");

    private Scores() {}

    /// A score in the prose of a reply.
    ///
    /// @param score empty where the number is not from 1 to 10, or is no score at all
    record Phrase(String text, Optional<Double> score) {}

    /// Whether a name is one that scores go by.
    static boolean isLabel(String name) {
        return LABELS.contains(name.toLowerCase(Locale.ROOT));
    }

    /// The score that a JSON value is: a number, or a text like `8`, `7.5` or `8/10`.
    static Optional<Double> of(Object value) {
        return switch (value) {
            case Number number -> inRange(number.doubleValue());
            case String text -> written(text);
            default -> Optional.empty();
        };
    }

    /// The score that a JSON value is, taking integers only.
    static Optional<Double> integer(Object value) {
        return value instanceof Number
                ? of(value).filter(n -> n == Math.rint(n))
                : Optional.empty();
    }

    /// All scores in prose, in order.
    static List<Phrase> phrases(CharSequence prose) {
        return PHRASE.matcher(prose).results().map(Scores::phrase).toList();
    }

    /// Whether what stands in braces looks as if a score was in it or was to be in it.
    static boolean mayHold(String text) {
        return KEY.matcher(text).find() || PHRASE.matcher(text).find();
    }

    private static Phrase phrase(MatchResult match) {
        String number =
                Stream.of("bracketed", "ratio", "labelled")
                        .flatMap(group -> Optional.ofNullable(match.group(group)).stream())
                        .findFirst()
                        .orElseThrow();
        return new Phrase(match.group(), written(SENTENCE_END.matcher(number).replaceAll("")));
    }

    private static Optional<Double> written(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        return matcher.matches() ? inRange(Double.parseDouble(matcher.group(1))) : Optional.empty();
    }

    private static Optional<Double> inRange(double score) {
        return score >= MIN && score <= MAX ? Optional.of(score) : Optional.empty();
    }
}
