package dev.assay.decide.check;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The option that a text chooses.
///
/// The ways to say it are tried from the plainest to the vaguest. After "the answer is" the last
/// one said counts, since people reason before they conclude; the vague ways count only where all
/// of them name the same letter.
final class FinalChoice {

    /// The text is a letter and nothing else but marks around it.
    private static final Pattern ALONE =
            Pattern.compile("[\\s#*_\"'`(\\[$]*([A-Ea-e])[\\s*_\"'`)\\]$.:]*");

    /// `A` is also an article, letters are also names (C++, E = mc²) and beginnings (D-Day).
    private static final Pattern STATED =
            Pattern.compile(
                    """
                    \\b (?i: answer | option | choice ) (?i: \\s+ (?: choice | option | letter ) )?
                    [*_"'`\\s]{0,4} (?i: [:=] | \\b is \\b | \\b (?: would | should | must ) \\s be \\b )
                    [*_:\\s]{0,4} (?i: (?: the \\s )? (?: option | choice | letter ) \\s )? [*_"'`\\[{$\\\\]{0,6}
                    (?: [(] ([A-Ea-e]) [)]
                      | [(]? ([B-E] | A (?! \\s+ (?! (?: because | since | as | due | for | with ) \\b ) [a-z] ) )
                        (?! [\\p{L}\\d'’+\\#] | - \\p{L} | \\s* [=^] ) )
                    """,
                    Pattern.COMMENTS);

    /// A line that begins like a listed option.
    private static final Pattern LEADING =
            Pattern.compile(
                    "^[\\s>*_-]{0,6}[(]?([A-E])[).:][*_]{0,2}(?=\\s|$)(?!\\s(?:or|and)\\b)",
                    Pattern.MULTILINE);

    private static final Pattern NAMED =
            Pattern.compile(
                    "[(]([A-E])[)]|\\b(?i:answer|option|choice|letter)\\s+[*_\"'`(\\[]{0,3}([A-E])(?![\\p{L}\\d'’+#])");

    private static final Pattern LATEX_TEXT =
            Pattern.compile("\\\\(?:text|textbf|mathbf|mathrm)\\{([^{}]*+)}");

    private FinalChoice() {}

    static Optional<String> in(String text) {
        return FinalAnswer.boxed(text)
                .map(boxed -> LATEX_TEXT.matcher(boxed).replaceAll("$1"))
                .flatMap(boxed -> alone(boxed).or(() -> only(LEADING, boxed)))
                .or(() -> lastStated(text))
                .or(() -> alone(text))
                .or(() -> alone(lastLine(text)))
                .or(() -> only(LEADING, text))
                .or(() -> only(NAMED, text));
    }

    private static Optional<String> alone(String text) {
        Matcher matcher = ALONE.matcher(text);
        return matcher.matches() ? Optional.of(letter(matcher)) : Optional.empty();
    }

    private static Optional<String> lastStated(String text) {
        return STATED.matcher(text)
                .results()
                .map(FinalChoice::letter)
                .reduce((former, later) -> later);
    }

    private static Optional<String> only(Pattern pattern, String text) {
        List<String> letters =
                pattern.matcher(text)
                        .results()
                        .map(FinalChoice::letter)
                        .distinct()
                        .limit(2)
                        .toList();
        return letters.size() == 1 ? Optional.of(letters.getFirst()) : Optional.empty();
    }

    private static String lastLine(String text) {
        String stripped = text.stripTrailing();
        return stripped.substring(stripped.lastIndexOf('\n') + 1);
    }

    private static String letter(MatchResult match) {
        String first = match.group(1);
        return (first == null ? match.group(match.groupCount()) : first).toUpperCase(Locale.ROOT);
    }
}
