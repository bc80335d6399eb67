package dev.assay.decide.check;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The number that a text ends with or marks as its answer.
final class FinalNumber {

    /// Longer numbers are nobody's answer, and arithmetic on them costs more than linear time.
    private static final int MAX_NUMBER_CHARS = 400;

    /// A number that does not begin inside a word, a number or a version, and whose minus is a sign
    /// and not a dash.
    private static final Pattern NUMBER =
            Pattern.compile(
                    """
                    (?<![\\p{L}\\d]) (?<!\\d[.])
                    (?<sign> (?<![\\p{L}\\d)\\]}%-]) [-−] )?
                    [$€£¥₹]?
                    (?<inner> [-−] (?<=[$€£¥₹][-−]) )?
                    (?<digits>
                        (?: \\d{1,3} (?: [,\\x{a0}\\x{202f}\\x{2009}] \\d{3} )++ (?!\\d) | \\d++ ) (?: [.] \\d++ )?
                      | [.] \\d++
                    )
                    (?<exponent> [eE] [+-]? \\d{1,3} (?![\\p{L}\\d]) )?
                    """,
                    Pattern.COMMENTS);

    /// Of a text, the end that mostly holds its last three numbers.
    private static final int END_CHARS = 200;

    private static final Pattern SEPARATOR = Pattern.compile("[,\\x{a0}\\x{202f}\\x{2009}]");

    /// GSM8K's mark of the answer, and not a heading of Markdown: the number comes at once and
    /// numbers no heading.
    private static final Pattern MARKED =
            Pattern.compile(
                    """
                    \\#{4} [\\h*\\\\(]{0,9}
                    (?! [$]? \\d++ [.):] [\\h*]{0,9} \\p{L} )
                    (?= [-−$€£¥₹.]{0,3} \\d )
                    (.*)
                    """,
                    Pattern.COMMENTS);

    private static final Pattern FRACTION =
            Pattern.compile("(-?)\\\\[dt]?frac\\s*\\{\\s*(-?\\d+)\\s*}\\s*\\{\\s*(\\d+)\\s*}");

    /// LaTeX's spaces and separators inside of numbers, and the fractions that are characters.
    private static final Pattern SPELLING = Pattern.compile("\\\\[!,]|\\{,}|[½⅓⅔¼¾]");

    private static final BigInteger TWO = BigInteger.TWO;
    private static final BigInteger FIVE = BigInteger.valueOf(5);

    private FinalNumber() {}

    static Optional<String> in(String text) {
        return FinalAnswer.boxed(text)
                .flatMap(FinalNumber::last)
                .or(() -> marked(text).flatMap(FinalNumber::last))
                .or(() -> last(text));
    }

    private static Optional<String> marked(String text) {
        int from = text.lastIndexOf("####");
        if (from < 0) {
            return Optional.empty();
        }
        Matcher mark = MARKED.matcher(text).region(from, text.length());
        return mark.lookingAt() ? Optional.of(mark.group(1)) : Optional.empty();
    }

    /// The last number, put together with what a fraction or mixed number has before it.
    private static Optional<String> last(String written) {
        String text = plain(written);
        List<Token> tokens = lastTokens(text);
        Token before = tokens.get(0);
        Token previous = tokens.get(1);
        Token last = tokens.get(2);
        if (last.equals(Token.NONE) || last.end - last.start > MAX_NUMBER_CHARS) {
            return Optional.empty();
        }
        if (!isFraction(text, before, previous, last)) {
            return Optional.of(canonical(last.value(), BigInteger.ONE));
        }
        BigDecimal denominator = last.value();
        BigDecimal numerator = previous.value();
        if (isMixed(text, before, previous, last)) {
            BigDecimal whole = before.value().abs().multiply(denominator).add(numerator);
            numerator = before.negative ? whole.negate() : whole;
        }
        return Optional.of(canonical(numerator, denominator.toBigIntegerExact()));
    }

    /// The last three tokens, of which those that the text does not have are none.
    ///
    /// No number spans a blank, so that a scan from behind one finds what a scan of all would:
    /// where the end holds three, the rest need not be read.
    private static List<Token> lastTokens(String text) {
        int blank = text.indexOf(' ', Math.max(0, text.length() - END_CHARS));
        if (blank >= 0) {
            List<Token> tokens = tokens(text, blank + 1);
            if (!tokens.getFirst().equals(Token.NONE)) {
                return tokens;
            }
        }
        return tokens(text, 0);
    }

    private static List<Token> tokens(String text, int from) {
        Token before = Token.NONE;
        Token previous = Token.NONE;
        Token last = Token.NONE;
        Matcher matcher =
                NUMBER.matcher(text).region(from, text.length()).useTransparentBounds(true);
        while (matcher.find()) {
            before = previous;
            previous = last;
            last = Token.of(matcher);
        }
        return List.of(before, previous, last);
    }

    private static String plain(String written) {
        String text = SPELLING.matcher(written).replaceAll(match -> spelledOut(match.group()));
        return FRACTION.matcher(text).replaceAll(" $1$2/$3");
    }

    private static String spelledOut(String spelling) {
        return switch (spelling) {
            case "½" -> " 1/2";
            case "⅓" -> " 1/3";
            case "⅔" -> " 2/3";
            case "¼" -> " 1/4";
            case "¾" -> " 3/4";
            case "{,}" -> ",";
            default -> "";
        };
    }

    private static boolean isFraction(
            String text, Token before, Token numerator, Token denominator) {
        return numerator.isShort()
                && denominator.isNatural()
                && denominator.value().signum() > 0
                && between(text, numerator, denominator).equals("/")
                && !between(text, before, numerator).equals("/");
    }

    private static boolean isMixed(String text, Token whole, Token numerator, Token denominator) {
        return whole.isShort()
                && !whole.exact.contains(".")
                && numerator.isNatural()
                && numerator.value().compareTo(denominator.value()) < 0
                && between(text, whole, numerator).equals(" ");
    }

    private static String between(String text, Token former, Token later) {
        return former.equals(Token.NONE)
                ? ""
                : text.substring(former.end, Math.min(later.start, former.end + 2));
    }

    private static String canonical(BigDecimal numerator, BigInteger denominator) {
        BigInteger scale = BigInteger.TEN.pow(Math.max(0, numerator.scale()));
        BigInteger over = numerator.multiply(new BigDecimal(scale)).toBigIntegerExact();
        BigInteger under = denominator.multiply(scale);
        BigInteger common = over.gcd(under);
        BigInteger n = over.divide(common);
        BigInteger d = under.divide(common);
        if (!without(FIVE, without(TWO, d)).equals(BigInteger.ONE)) {
            return n + "/" + d;
        }
        return new BigDecimal(n).divide(new BigDecimal(d)).stripTrailingZeros().toPlainString();
    }

    private static BigInteger without(BigInteger factor, BigInteger number) {
        BigInteger rest = number;
        while (rest.mod(factor).signum() == 0) {
            rest = rest.divide(factor);
        }
        return rest;
    }

    /// @param exact digits with point and exponent, without sign, currency and separators
    private record Token(int start, int end, boolean negative, boolean money, String exact) {

        static final Token NONE = new Token(0, 0, false, false, "0");

        static Token of(Matcher matcher) {
            String exponent = matcher.group("exponent");
            String digits = SEPARATOR.matcher(matcher.group("digits")).replaceAll("");
            boolean signed = matcher.group("sign") != null;
            return new Token(
                    matcher.start(),
                    matcher.end(),
                    signed || matcher.group("inner") != null,
                    matcher.start("digits") - matcher.start() > (signed ? 1 : 0),
                    exponent == null ? digits : digits + exponent);
        }

        BigDecimal value() {
            BigDecimal value = new BigDecimal(exact);
            return negative ? value.negate() : value;
        }

        boolean isShort() {
            return !equals(NONE) && exact.length() <= MAX_NUMBER_CHARS;
        }

        boolean isNatural() {
            return isShort()
                    && !negative
                    && !money
                    && exact.chars().allMatch(c -> c >= '0' && c <= '9');
        }
    }
}
