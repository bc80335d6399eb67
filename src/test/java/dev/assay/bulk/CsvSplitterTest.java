package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.bulk.CsvSplitter.CsvRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

class CsvSplitterTest {

    private static final int MAX_LINE_CHARS = 12;

    /// Takes a second; looking ahead anew for each of them would take hours, and heed no interrupt.
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void linesThatAllLeaveAQuoteOpenAreGivenUpOneByOne() throws IOException {
        int lines = 500_000;

        List<String> records = split("\"a\"b,\"\n".repeat(lines), 4 * 1024 * 1024);

        assertThat(records).hasSize(lines).allMatch(record -> record.endsWith("unclosed"));
    }

    @Test
    void blankLinesWithinQuotesCountAsWell() throws IOException {
        assertThat(split("\"" + "\n".repeat(50) + "\"", 20)).startsWith("1: unclosed", "2: ");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void recordsAreThoseOfLookingAheadFromEachLineAnew(long seed) throws IOException {
        Random random = new Random(seed);
        for (int run = 0; run < 2_000; run++) {
            String text = text(random);
            int maxBytes = MAX_LINE_CHARS + random.nextInt(60);

            assertThat(split(text, maxBytes)).as(text).isEqualTo(expected(text, maxBytes));
        }
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int line = random.nextInt(30); line > 0; line--) {
            for (int i = random.nextInt(MAX_LINE_CHARS); i > 0; i--) {
                text.append("a,\"".charAt(random.nextInt(3)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /// What a record is, said in the simplest way: of the lines from here on, the fewest that leave
    /// no quote open and are short enough.
    private static List<String> expected(String text, int maxBytes) {
        List<String> lines = Arrays.asList(text.split("(?<=\n)"));
        List<String> records = new ArrayList<>();
        int from = 0;
        while (from < lines.size() && !text.isEmpty()) {
            int begin = from;
            Optional<String> record =
                    IntStream.rangeClosed(begin + 1, lines.size())
                            .mapToObj(to -> String.join("", lines.subList(begin, to)))
                            .filter(joined -> !leavesAQuoteOpen(joined))
                            .findFirst()
                            .filter(joined -> isOneLine(joined) || joined.length() <= maxBytes);
            records.add(begin + 1 + ": " + record.map(String::stripTrailing).orElse("unclosed"));
            from += record.map(joined -> (int) joined.lines().count()).orElse(1);
        }
        return records;
    }

    private static boolean isOneLine(String text) {
        return text.indexOf('\n') == text.length() - 1;
    }

    /// Quotes begin at the begin of a cell and end at a quote that is not doubled.
    private static boolean leavesAQuoteOpen(String record) {
        return record.replaceAll(
                        "\\G(?:\"(?:[^\"]|\"\")*\"(?!\")[^,\n]*|[^\",\n][^,\n]*|)[,\n]", "")
                .startsWith("\"");
    }

    private static List<String> split(String text, int maxBytes) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        LineSplitter lines = new LineSplitter(new ByteArrayInputStream(bytes), maxBytes);
        CsvSplitter splitter = new CsvSplitter(lines, ',', maxBytes);
        List<String> records = new ArrayList<>();
        for (Optional<CsvRecord> record = splitter.next();
                record.isPresent();
                record = splitter.next()) {
            records.add(
                    switch (record.get()) {
                        case CsvRecord.Whole whole ->
                                whole.line().number()
                                        + ": "
                                        + new String(
                                                whole.line().bytes(), StandardCharsets.US_ASCII);
                        case CsvRecord.Unclosed unclosed -> unclosed.number() + ": unclosed";
                        case CsvRecord.TooLong tooLong -> tooLong.line().number() + ": too long";
                    });
        }
        return records;
    }
}
