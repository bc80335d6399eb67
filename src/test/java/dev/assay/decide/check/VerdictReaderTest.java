package dev.assay.decide.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.decide.check.Reading.Read;
import dev.assay.decide.check.Reading.Unreadable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.SplittableRandom;

class VerdictReaderTest {

    private static final String ANSWER = "The capital of France is Paris.";
    private static final VerdictReader READER = new VerdictReader(new FakeJsonObjects());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"reason": "right", "score": 10}                    | 10 | right
                    {"score": 1, "reason": "wrong"}                     | 1  | wrong
                    {"score": 8}                                        | 8  | ''
                    {"score": 8.0, "reason": null}                      | 8  | ''
                    {"score": 8, "reason": ["a"]}                       | 8  | ''
                    {"reason": "not 9/10, not {x}", "score": 3}         | 3  | not 9/10, not {x}
                    {"reason": "says {\\"score\\": 10}", "score": 2}    | 2  | says {"score": 10}
                    {"reason": "ok", "score": 7, "confidence": 0.5}     | 7  | ok
                    """)
    void objectAsAskedForIsTakenAtItsWord(String reply, double score, String reason) {
        assertThat(read("\n " + reply.replace("\\\\", "\\") + " \n"))
                .isEqualTo(new Read(score, reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"reason": "r", "score": "8"}                       | 8
                    {"reason": "r", "score": "8/10"}                    | 8
                    {"reason": "r", "score": " 8 out of 10 "}           | 8
                    {"reason": "r", "score": 7.5}                       | 7.5
                    {"reason": "r", "score": "7.5/10.0"}                | 7.5
                    {"reason": "r", "score": 1e1}                       | 10
                    {"reason": "r", "Score": 8}                         | 8
                    {"reason": "r", "rating": 8}                        | 8
                    ```json\\n{"reason": "r", "score": 8}\\n```         | 8
                    Sure:\\n{"reason": "r", "score": 8}\\nHope it helps | 8
                    The set {1, 2} fits. {"reason": "r", "score": 8}    | 8
                    {"note": "first"} {"reason": "r", "score": 8}       | 8
                    [{"reason": "r", "score": 8}]                       | 8
                    {"score": 8} and again {"reason": "r", "score": 8}  | 8
                    Score: 8. {"reason": "r", "score": 8}               | 8
                    {"reason": "r", "score": 8} That is 8/10.           | 8
                    <think>Maybe {"score": 5}?</think>{"reason": "r", "score": 8} | 8
                    """)
    void objectIsFoundInWhatIsAroundIt(String reply, double score) {
        Reading reading = read(reply.replace("\\n", "\n"));

        assertThat(reading)
                .isInstanceOfSatisfying(
                        Read.class, read -> assertThat(read.score()).isEqualTo(score));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    Score: 8                               | 8
                    **Score:** 8                           | 8
                    Score: **8**/10                        | 8
                    **Score: 8/10**                        | 8
                    Final score = 8.                       | 8
                    The score is 8.                        | 8
                    I give it a score of 7.5 out of 10.    | 7.5
                    Rating: 8 / 10                         | 8
                    8/10                                   | 8
                    I would say 8/10.                      | 8
                    8 out of 10, since it is short.        | 8
                    [[8]]                                  | 8
                    Good.\\n\\nRating: [[8]]               | 8
                    Rating: [[7.5]]                        | 7.5
                    Score: 8\\n\\nI rate it 8/10: [[8]]    | 8
                    Score: 10                              | 10
                    {not JSON} Score: 8                    | 8
                    """)
    void scoreInProseIsReadWhereThereIsOne(String reply, double score) {
        String text = reply.replace("\\n", "\n");

        assertThat(read(text)).isEqualTo(new Read(score, text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n",
                "This one is hard to put a number on; both readings have merit.",
                "{}",
                "[]",
                "null",
                "8",
                "\"8\"",
                "Good answer!",
                "{\"reason\": \"r\"}",
                "{\"reason\": \"r\", \"score\": null}",
                "{\"reason\": \"r\", \"verdict\": {\"score\": 8}}",
                "On a scale of 1 to 10 it is fine.",
                "Score range: 1-10",
                "Rating: [[1",
                "Rating: [[A]]",
                "an 8th-grade essay",
                "graded 8",
                "<think>{\"reason\": \"r\", \"score\": 8}"
            })
    void replyWithoutAScoreIsUnreadable(String reply) {
        assertThat(read(reply)).isInstanceOf(Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"score\": 0}",
                "{\"score\": 11}",
                "{\"score\": -3}",
                "{\"score\": 0.5}",
                "{\"score\": 10.01}",
                "{\"score\": 85}",
                "{\"score\": 1e400}",
                "{\"score\": 99999999999999999999999}",
                "{\"score\": NaN}",
                "{\"score\": \"NaN\"}",
                "{\"score\": \"eight\"}",
                "{\"score\": \"8/5\"}",
                "{\"score\": \"80/100\"}",
                "{\"score\": \"-8\"}",
                "{\"score\": \"\"}",
                "{\"score\": true}",
                "{\"score\": [8]}",
                "{\"score\": {\"value\": 8}}",
                "Score: 0",
                "Score: 11",
                "Score: -3",
                "Score: 85%",
                "Score: 1-10",
                "Score: 1 to 10",
                "Score: 3/5",
                "Score: 4 out of 5",
                "Score: 80/100",
                "Score: 7,5",
                "11/10",
                "-3/10",
                "[[0]]",
                "[[11]]",
                "[[-1]]",
                "[[8, 9]]",
                "Score: 8, but the answer goes to [[11]]"
            })
    void scoreThatIsNoneFromOneToTenIsUnreadable(String reply) {
        assertThat(read(reply)).isInstanceOf(Unreadable.class);
        assertThat(read("So: " + reply)).isInstanceOf(Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"reason\": \"r\", \"score\": 8",
                "{\"reason\": \"r\", \"score\": 8,}",
                "{\"reason\": \"r\", \"score\": 1",
                "{'reason': 'r', 'score': 8}",
                "{reason: r, score: 8}",
                "{\"reason\": \"says \"great\" twice\", \"score\": 8}",
                "{\"score\": 2, \"score\": 8}",
                "{\"reason\": \"r\", \"score\": 8/10}",
                "```json\n{\"reason\": \"r\", \"score\": 8\n```",
                "\"{\\\"reason\\\": \\\"r\\\", \\\"score\\\": 8}\""
            })
    void brokenObjectIsUnreadable(String reply) {
        assertThat(read(reply))
                .isEqualTo(
                        new Unreadable("the reply holds broken JSON that seems to be a verdict"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"score\": 8} {\"score\": 9}",
                "So: {\"score\": 9, \"rating\": 8}",
                "Score: 8 or rather score: 9",
                "8/10 for style, 6/10 for substance",
                "{\"reason\": \"r\", \"score\": 8} Score: 9",
                "[[8]] [[9]]"
            })
    void scoresThatDifferAreUnreadable(String reply) {
        assertThat(read(reply)).isEqualTo(new Unreadable("the reply names scores that differ"));
    }

    @Test
    void reasonIsBoundedAndCutsNoCharacterInTwo() {
        String reason = "x".repeat(VerdictReader.MAX_REASON_CHARS - 1) + "😀 and more";

        Reading reading = read("{\"reason\": \"" + reason + "\", \"score\": 5}");

        assertThat(reading).isEqualTo(new Read(5, "x".repeat(VerdictReader.MAX_REASON_CHARS - 1)));
    }

    @Test
    void proseIsTheReasonWithinTheSameBound() {
        Reading reading = read("y".repeat(5_000) + " Score: 5");

        assertThat(reading).isEqualTo(new Read(5, "y".repeat(VerdictReader.MAX_REASON_CHARS)));
    }

    @Test
    void replyWithoutBoundIsUnreadable() {
        String reason = "x".repeat(VerdictReader.MAX_REPLY_CHARS);

        assertThat(read("{\"reason\": \"" + reason + "\", \"score\": 5}"))
                .isInstanceOf(Unreadable.class);
    }

    @Test
    void everyWayToSayOneScoreIsReadAndTwoAreNot() {
        SplittableRandom random = new SplittableRandom(5);
        List<String> forms =
                List.of(
                        "{\"reason\": \"r\", \"score\": %s}",
                        "```json\n{\"score\": \"%s\"}\n```",
                        "{\"score\": \"%s/10\"}",
                        "Score: %s",
                        "**Rating:** %s/10",
                        "[[%s]]",
                        "%s out of 10");
        List<String> fillers = List.of("Well. ", "{a} ", "{\"x\": [1]} ", "\n", "so ", "(see 4) ");

        for (int run = 0; run < 5_000; run++) {
            int score = random.nextInt(1, 11);
            int other = random.nextInt(1, 11);
            String first = pick(random, forms).formatted(score);
            String second = pick(random, forms).formatted(other);
            String reply = pick(random, fillers) + first + "\n" + pick(random, fillers) + second;

            Reading reading = read(reply);

            assertThat(reading instanceof Read(double read, _) && read == score)
                    .as(reply)
                    .isEqualTo(score == other);
            assertThat(reading instanceof Unreadable).as(reply).isEqualTo(score != other);
        }
    }

    @Test
    void anyTextAtAllIsReadWithinTheScaleOrNot() {
        SplittableRandom random = new SplittableRandom(6);
        List<String> pieces =
                List.of(
                        "{",
                        "}",
                        "\"",
                        "\\",
                        "[[",
                        "]]",
                        ":",
                        "score",
                        "\"score\"",
                        "reason",
                        "1",
                        "0",
                        "7",
                        ".5",
                        "-",
                        "/10",
                        " out of 10",
                        " ",
                        "\n",
                        ",",
                        "<think>",
                        "</think>",
                        "😀",
                        "is",
                        "```",
                        "null",
                        "\u0000",
                        "\ud800");

        for (int run = 0; run < 5_000; run++) {
            StringBuilder reply = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) {
                reply.append(pick(random, pieces));
            }

            Reading reading = read(reply.toString());

            if (reading instanceof Read(double score, _)) {
                assertThat(score).as(reply.toString()).isBetween(1.0, 10.0);
            }
        }
    }

    @ParameterizedTest
    @Timeout(30)
    @ValueSource(
            strings = {
                "{",
                "}",
                "{}",
                "{\"",
                "[[",
                "[[1",
                "1/",
                "score ",
                "score: ",
                "{\"score\":1}",
                "\\\"",
                "1 out of ",
                "`\"`",
                "{score:"
            })
    void hostileReplyIsReadInLinearTime(String unit) {
        String reply = unit.repeat(VerdictReader.MAX_REPLY_CHARS / unit.length());

        Reading reading = READER.read(reply, reply.repeat(10));

        assertThat(reading).isInstanceOf(Unreadable.class);
    }

    private static Reading read(String reply) {
        return READER.read(reply, ANSWER);
    }

    private static String pick(SplittableRandom random, List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
