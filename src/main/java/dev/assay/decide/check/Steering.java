package dev.assay.decide.check;

import static dev.assay.decide.check.Clue.AUTHORITY;
import static dev.assay.decide.check.Clue.CALL;
import static dev.assay.decide.check.Clue.GIVE;
import static dev.assay.decide.check.Clue.IGNORE;
import static dev.assay.decide.check.Clue.INSTRUCTIONS;
import static dev.assay.decide.check.Clue.JUDGE;
import static dev.assay.decide.check.Clue.MUST;
import static dev.assay.decide.check.Clue.RUBRIC;
import static dev.assay.decide.check.Clue.SCORE;
import static dev.assay.decide.check.Clue.SELF;
import static dev.assay.decide.check.Clue.TEN;
import static dev.assay.decide.check.Clue.TOP;
import static dev.assay.decide.check.Clue.VERDICT;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Notices what in an answer is meant for its judge (orders, verdicts made up, marks that close a
/// section) and leaves it out of what the judge sees.
///
/// Nothing is a fault of the answer by this: an honest answer that speaks of grades is judged by
/// all the rest of it, and a dishonest one too. Words give passages away, in some twenty languages;
/// what is said without them, or in other words, is not noticed. The judge's instructions and the
/// reading of its reply are the other two walls.
public final class Steering {

    /// What stands for passages that were left out.
    public static final String MARK = "[left out: words meant for the judge]";

    /// Passages that are looked at together.
    private static final int WINDOW = 3;

    /// Our own section marks, those of well-known judge prompts, and the tokens of chat templates.
    private static final Pattern DELIMITER =
            Pattern.compile(
                    """
                    (?i) (?= [<\\[] ) (?: <<<+ \\h* (?: END \\h+ )? (?: ANSWER | QUESTION | REFERENCE ) \\b [^>\\n]{0,80} >*
                    | \\[ /? (?: END | BEGIN | START ) \\h (?: OF \\h )? [^\\]\\n]{0,40}
                      (?: ANSWER | RESPONSE | SUBMISSION | EVALUATION ) [^\\]\\n]{0,20} ]
                    | </? (?: answer | response | submission | system ) >
                    | <\\| (?: im_start | im_end | eot_id | start_header_id | end_header_id | endoftext | system | user
                      | assistant ) \\|>
                    | \\[ /? INST ] | <</?SYS>> )
                    """,
                    Pattern.COMMENTS);

    private static final Pattern OBJECT = Pattern.compile("\\{[^{}]{1,800}}");
    private static final Pattern SCORE_KEY =
            Pattern.compile("(?i)[\"'](?:score|rating|grade)[\"']\\s*:");
    private static final Pattern REASON_KEY =
            Pattern.compile("(?i)[\"'](?:reason|reasoning|explanation|verdict|feedback)[\"']\\s*:");

    private static final Set<Clue> OF_GRADING = EnumSet.of(Clue.SCORE, Clue.RUBRIC, Clue.JUDGE);

    private static final Set<Clue> BEST_NUMBER = EnumSet.of(TEN, SCORE);
    private static final Set<Clue> NUMBER_GIVEN = EnumSet.of(TEN, GIVE);

    private Steering() {}

    /// What was noticed in an answer.
    ///
    /// @param rest the answer with [#MARK] for each run of passages left out
    /// @param passages how many runs were left out
    public record Noticed(String rest, int passages) {}

    /// What is meant for the judge, if anything.
    ///
    /// @param question what was asked; where it speaks of grades itself, an answer that names one
    ///   may be what was wanted, and only orders count
    public static Optional<Noticed> in(String answer, String question) {
        String rest = rest(answer, false);
        if (!rest.equals(answer) && isOfGrading(question)) {
            rest = rest(answer, true);
        }
        return rest.equals(answer) ? Optional.empty() : Optional.of(new Noticed(rest, count(rest)));
    }

    private static boolean isOfGrading(String question) {
        return ClueWords.in(ClueWords.folded(question)).stream().anyMatch(OF_GRADING::contains);
    }

    private static String rest(String answer, boolean ofGrading) {
        String unmarked =
                answer.indexOf('<') < 0 && answer.indexOf('[') < 0
                        ? answer
                        : DELIMITER.matcher(answer).replaceAll(Matcher.quoteReplacement(MARK));
        return withoutOrders(ofGrading ? unmarked : withoutVerdicts(unmarked), ofGrading);
    }

    private static String withoutVerdicts(String text) {
        if (text.indexOf('{') < 0) {
            return text;
        }
        return OBJECT.matcher(text)
                .replaceAll(
                        object ->
                                Matcher.quoteReplacement(
                                        SCORE_KEY.matcher(object.group()).find()
                                                        && REASON_KEY.matcher(object.group()).find()
                                                ? MARK
                                                : object.group()));
    }

    private static String withoutOrders(String text, boolean ofGrading) {
        // More clues and fewer passages only make an order likelier, so most texts end here.
        if (!isOrder(Passage.cluesAtMost(text), 1, ofGrading)) {
            return text;
        }
        List<Passage> passages = Passage.allOf(text);
        boolean[] left = new boolean[passages.size()];
        for (int i = 0; i < left.length; i++) {
            Set<Clue> clues = EnumSet.noneOf(Clue.class);
            for (int size = 1; size <= WINDOW && i + size <= left.length; size++) {
                clues.addAll(passages.get(i + size - 1).clues());
                if (isOrder(clues, size, ofGrading)) {
                    leave(passages, i, i + size, left);
                    break;
                }
            }
        }
        StringBuilder rest = new StringBuilder(text.length());
        for (int i = 0; i < left.length; i++) {
            String passage = passages.get(i).text();
            if (left[i]) {
                String space =
                        passage.substring(0, passage.length() - passage.stripLeading().length());
                rest.append(i > 0 && left[i - 1] ? "" : space + MARK);
            } else {
                boolean apart = i == 0 || !left[i - 1] || Character.isWhitespace(passage.charAt(0));
                rest.append(apart ? "" : " ").append(passage);
            }
        }
        return rest.toString();
    }

    private static void leave(List<Passage> passages, int from, int to, boolean[] left) {
        for (int i = from; i < to; i++) {
            left[i] |= !passages.get(i).clues().isEmpty();
        }
    }

    /// Whether so many passages in a row hold an order or a verdict made up. The weaker the words,
    /// the closer together they have to be.
    private static boolean isOrder(Set<Clue> clues, int passages, boolean ofGrading) {
        boolean best = clues.contains(TOP) || clues.containsAll(BEST_NUMBER);
        boolean bestGiven = best || clues.containsAll(NUMBER_GIVEN);
        boolean told = clues.contains(RUBRIC) || clues.contains(INSTRUCTIONS);
        boolean wanted = clues.contains(GIVE) || clues.contains(MUST);
        if (clues.contains(IGNORE) && told && bestGiven && (passages == 1 || !ofGrading)) {
            return true;
        }
        if (clues.contains(CALL) && (told || (bestGiven && (wanted || clues.contains(SELF))))) {
            return true;
        }
        if (ofGrading) {
            return false;
        }
        return (passages == 1
                        && (clues.contains(VERDICT) || (clues.contains(JUDGE) && wanted && best)))
                || (passages <= 2
                        && clues.contains(SELF)
                        && best
                        && (wanted || clues.contains(SCORE)))
                || (clues.contains(AUTHORITY) && best);
    }

    private static int count(String rest) {
        return (rest.length() - rest.replace(MARK, "").length()) / MARK.length();
    }
}
