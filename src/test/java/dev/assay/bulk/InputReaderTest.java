package dev.assay.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assay.avro.Message;
import dev.assay.avro.PromptEvent;
import dev.assay.bulk.InputReader.Bounds;
import dev.assay.model.FailureCode;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

class InputReaderTest {

    private static final Bounds BOUNDS = new Bounds(1_000, 100);

    @TempDir private Path folder;

    @Test
    void readsOpenAiBatchLinesWithTheirRequestUnchanged() throws Exception {
        String body =
                """
                {"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"text","text":"What?"},\
                {"type":"image_url","image_url":{"url":"https://e.example/a.png"}}]}],\
                "tools":[{"type":"function","function":{"name":"f"}}],"logprobs":true,"seed":12345678901234567890,\
                "temperature":0.15}""";

        List<InputLine> lines =
                read(
                        """
                        {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":%s}
                        """
                                .formatted(body));

        PromptEvent event = valid(lines.getFirst());
        assertThat(event.getId()).isEqualTo("a");
        assertThat(event.getCustomId()).isEqualTo("a");
        assertThat(event.getRequest()).isEqualTo(body);
        assertThat(event.getMessages()).isEmpty();
    }

    @Test
    void readsPromptsWithAllTheirFields() throws Exception {
        List<InputLine> lines =
                read(
                        """
                        {"id":7,"prompt":"2+2?","task":"math","tenant":"acme","reference":4,"route":"r",\
                        "options":{"temperature":0},"metadata":{"k":"v","n":1,"o":{"x":true}},\
                        "max_cost_usd":0.5,"required_tags":["eu"],"deadline":"2030-01-01T00:00:00Z"}
                        """);

        PromptEvent event = valid(lines.getFirst());
        assertThat(event.getId()).isEqualTo("7");
        assertThat(event.getMessages()).containsExactly(new Message("user", "2+2?"));
        assertThat(event.getTask()).isEqualTo("math");
        assertThat(event.getTenant()).isEqualTo("acme");
        assertThat(event.getReference()).isEqualTo("4");
        assertThat(event.getRoute()).isEqualTo("r");
        assertThat(event.getOptions()).isEqualTo("{\"temperature\":0}");
        assertThat(event.getMetadata())
                .containsEntry("k", "v")
                .containsEntry("n", "1")
                .containsEntry("o", "{\"x\":true}");
        assertThat(event.getMaxCostUsd()).isEqualTo(0.5);
        assertThat(event.getRequiredTags()).containsExactly("eu");
        assertThat(event.getDeadline()).isEqualTo("2030-01-01T00:00:00Z");
    }

    @Test
    void keepsMessagesWithMoreThanTextAsARequest() throws Exception {
        String messages = "[{\"role\":\"user\",\"content\":\"a\",\"name\":\"bob\"}]";

        List<InputLine> lines =
                read(
                        "{\"messages\":%s}%n{\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]}"
                                .formatted(messages));

        assertThat(valid(lines.getFirst()).getRequest())
                .isEqualTo("{\"messages\":" + messages + "}");
        assertThat(valid(lines.getLast()).getMessages())
                .containsExactly(new Message("system", "x"));
    }

    @Test
    void readsPlainTextAndSkipsBlankLines() throws Exception {
        List<InputLine> lines = read("first prompt\r\n\r\n  \t\nsecond, with {braces}\n\n");

        assertThat(lines).extracting(InputLine::number).containsExactly(1L, 4L);
        assertThat(lines).extracting(InputLine::id).containsExactly("line-1", "line-4");
        assertThat(valid(lines.getFirst()).getMessages())
                .containsExactly(new Message("user", "first prompt"));
        assertThat(valid(lines.getFirst()).getCustomId()).isNull();
    }

    @Test
    void readsCsvWhoseCellsHoldLineEndsQuotesAndJson() throws Exception {
        List<InputLine> lines =
                read(
                        """
                        id,prompt,reference,options,metadata
                        a,"say ""hi"",
                        please",,"{""temperature"":0}",

                        b,plain,42,,"{""k"":""v""}"
                        """);

        PromptEvent first = valid(lines.getFirst());
        assertThat(first.getMessages()).containsExactly(new Message("user", "say \"hi\",\nplease"));
        assertThat(first.getOptions()).isEqualTo("{\"temperature\":0}");
        assertThat(first.getReference()).isNull();
        PromptEvent second = valid(lines.getLast());
        assertThat(second.getReference()).isEqualTo("42");
        assertThat(second.getMetadata()).containsEntry("k", "v");
        assertThat(lines).extracting(InputLine::number).containsExactly(2L, 5L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id;prompt\na;b\n", "id\tprompt\na\tb\n", "\"ID\" , Prompt\na,b\n"})
    void readsCsvWithTheSeparatorsAndHeadersThatSpreadsheetsWrite(String text) throws Exception {
        List<InputLine> lines = read(text);

        assertThat(valid(lines.getFirst()).getId()).isEqualTo("a");
    }

    @Test
    void aQuoteThatIsNeverClosedCostsItsOwnLineOnly() throws Exception {
        List<InputLine> lines = read("id,prompt\na,\"open\nb,fine\nc,fine\n");

        assertThat(reason(lines.getFirst())).startsWith("line 2: a quote is opened and not closed");
        assertThat(lines.subList(1, 3)).allMatch(line -> line instanceof InputLine.Valid);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id,prompt,Expected Answer\n1,Hi,Hello\n",
                "id;prompt;Größe (cm)\n1;Hi;3\n",
                "id\tprompt\t\n1\tHi\t\n"
            })
    void columnsOfOthersMayHaveAnyName(String csv) throws Exception {
        List<InputLine> lines = read(csv);

        assertThat(lines).hasSize(1);
        assertThat(valid(lines.getFirst()).getMessages())
                .containsExactly(new Message("user", "Hi"));
    }

    @Test
    void aSentenceWithCommasIsNoHeader() throws Exception {
        assertThat(read("Is this a good prompt, or not?\nprompt, but how: so\n")).hasSize(2);
    }

    @Test
    void readsPackedInput() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("{\"prompt\":\"a\"}\n{\"prompt\":\"b\"}\n".getBytes(StandardCharsets.UTF_8));
        }

        List<InputLine> lines = read("any-name", packed.toByteArray());

        assertThat(lines).hasSize(2).allMatch(line -> line instanceof InputLine.Valid);
    }

    @Test
    void packedInputThatIsCutOffSaysHowFarItCouldBeRead() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 50_000; i++) {
                gzip.write(("prompt " + i + " " + i * 31 + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        byte[] half = Arrays.copyOf(packed.toByteArray(), packed.size() / 2);

        assertThatThrownBy(() -> read("cut.gz", half))
                .isInstanceOf(InputException.class)
                .hasMessageMatching("cannot read cut.gz beyond line \\d+: .*");
    }

    @Test
    void toleratesAByteOrderMark() throws Exception {
        List<InputLine> lines = read("\ufeff{\"id\":\"a\",\"prompt\":\"x\"}");

        assertThat(valid(lines.getFirst()).getId()).isEqualTo("a");
    }

    @Test
    void notesFieldsThatMeanNothing() throws Exception {
        Path file = Files.writeString(folder.resolve("in"), "{\"prompt\":\"x\",\"promt\":1}\n");

        try (InputReader reader = InputReader.open(file, "in", Optional.empty(), BOUNDS)) {
            reader.next();

            assertThat(reader.ignoredFields()).containsExactly("promt");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"prompt\": \"a\"            | it is no JSON",
                "[1]                           | it is no JSON object",
                "{\"prompt\":\"a\"} x          | it is no JSON",
                "{\"id\":\"a\"}                | it has no prompt; give it one of prompt, messages",
                "{\"prompt\":null}             | it has no prompt",
                "{\"prompt\":\" \"}            | its prompt is empty",
                "{\"prompt\":{}}               | its prompt is not a string",
                "{\"prompt\":\"a\",\"messages\":[]} | it has prompt and messages; give it one",
                "{\"messages\":[]}             | neither messages nor request",
                "{\"messages\":\"a\"}          | its messages are not a JSON array",
                "{\"messages\":[1]}            | has a message that is no JSON object",
                "{\"request\":\"a\"}           | its request is not a JSON object",
                "{\"request\":{}}              | its request has no messages",
                "{\"request\":{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"n\":2}} | n = 2",
                "{\"prompt\":\"a\",\"options\":{\"n\":3}} | n = 3",
                "{\"prompt\":\"a\",\"options\":[]}   | its options is not a JSON object",
                "{\"prompt\":\"a\",\"id\":\"\"}      | its id is empty",
                "{\"prompt\":\"a\",\"id\":{}}        | its id is not a string",
                "{\"prompt\":\"a\",\"metadata\":[]}  | its metadata is not a JSON object",
                "{\"prompt\":\"a\",\"required_tags\":[1]} | its required_tags is not a JSON array",
                "{\"prompt\":\"a\",\"max_cost_usd\":\"x\"} | its max_cost_usd is not a number",
                "{\"prompt\":\"a\",\"max_cost_usd\":-1}    | its max_cost_usd is -1",
                "{\"prompt\":\"a\",\"deadline\":\"soon\"}  | its deadline is not a time",
                "{\"method\":\"GET\",\"body\":{}}          | its method is GET",
                "{\"url\":\"/v1/embeddings\",\"body\":{}}  | its url is /v1/embeddings",
                "{\"custom_id\":\"a\",\"body\":[]}         | its body is not a JSON object",
                "garbage                                   | it is no JSON",
            })
    void aBadLineIsThatPromptsFailureWithLineAndReason(String bad, String reason) throws Exception {
        List<InputLine> lines = read("{\"prompt\":\"good\"}\n" + bad + "\n{\"prompt\":\"good\"}\n");

        assertThat(lines).hasSize(3);
        assertThat(valid(lines.getFirst())).isNotNull();
        assertThat(reason(lines.get(1))).startsWith("line 2: ").contains(reason);
        assertThat(((InputLine.Invalid) lines.get(1)).failure().code())
                .isEqualTo(FailureCode.INVALID_INPUT);
        assertThat(valid(lines.getLast())).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a,b,c           | it has 3 cells, but the header has 2 columns",
                "\"a\"x,b        | its quotes do not match",
                "a,not-json      | its column messages holds no JSON",
            })
    void aBadCsvRecordIsThatPromptsFailure(String bad, String reason) throws Exception {
        List<InputLine> lines = read("id,messages\n" + bad + "\n");

        assertThat(reason(lines.getFirst())).startsWith("line 2: ").contains(reason);
    }

    @Test
    void aLineThatIsTooLongIsReportedAndTheNextIsRead() throws Exception {
        List<InputLine> lines =
                read("{\"prompt\":\"" + "x".repeat(200_000) + "\"}\n{\"prompt\":\"b\"}\n");

        assertThat(reason(lines.getFirst()))
                .isEqualTo("line 1: it has 200,013 bytes, more than the 1,000 allowed");
        assertThat(((InputLine.Invalid) lines.getFirst()).failure().code())
                .isEqualTo(FailureCode.TOO_LARGE);
        assertThat(valid(lines.getLast()).getId()).isEqualTo("line-2");
    }

    @Test
    void aZeroByteIsTheFailureOfItsLineAlone() throws Exception {
        List<InputLine> lines =
                read("{\"prompt\":\"a\"}\n{\"prompt\":\"b\0\"}\n{\"prompt\":\"c\"}\n");

        assertThat(valid(lines.getFirst())).isNotNull();
        assertThat(reason(lines.get(1))).startsWith("line 2: it is no JSON");
        assertThat(valid(lines.getLast())).isNotNull();
    }

    @Test
    void invalidUtf8IsReportedWithItsByte() throws Exception {
        byte[] bytes = "good one\nbad \u00ff here\n".getBytes(StandardCharsets.ISO_8859_1);

        List<InputLine> lines = read("in.txt", bytes);

        assertThat(valid(lines.getFirst())).isNotNull();
        assertThat(reason(lines.getLast()))
                .isEqualTo(
                        "line 2: it is not valid UTF-8 from byte 5 on (0xff); save the file as"
                                + " UTF-8");
    }

    @Test
    void theSecondLineWithAnIdFails() throws Exception {
        List<InputLine> lines =
                read(
                        """
                        {"id":"line-2","prompt":"a"}
                        {"prompt":"b"}
                        {"id":"x","prompt":"c"}
                        {"custom_id":"x","body":{"messages":[{"role":"user","content":"d"}]}}
                        """);

        assertThat(lines.get(0)).isInstanceOf(InputLine.Valid.class);
        assertThat(reason(lines.get(1)))
                .isEqualTo(
                        "line 2: its id line-2 is that of line 1; give every line an id of its"
                                + " own");
        assertThat(lines.get(2)).isInstanceOf(InputLine.Valid.class);
        assertThat(reason(lines.get(3))).startsWith("line 4: its id x is that of line 3");
        assertThat(lines.get(3).id()).isEqualTo("x");
    }

    @Test
    void manyIdsAreToldApart() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            text.append("{\"id\":\"id-").append(i % 4_990).append("\",\"prompt\":\"x\"}\n");
        }

        List<InputLine> lines = read(text.toString());

        assertThat(lines.stream().filter(InputLine.Invalid.class::isInstance)).hasSize(10);
    }

    @Test
    void anInputWithoutPromptsIsRefused() {
        assertThatThrownBy(() -> read("")).hasMessage("prompts is empty; there is no prompt in it");
        assertThatThrownBy(() -> read("\n \n")).hasMessageContaining("is empty");
        assertThatThrownBy(() -> read("id,prompt\n")).hasMessage("prompts holds no prompt");
    }

    @Test
    void anInputThatIsNoTextIsRefused() {
        assertThatThrownBy(() -> read("a.zip", new byte[] {'P', 'K', 3, 4, 0, 0, 0}))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("a.zip is a binary file");
        assertThatThrownBy(() -> read("a.txt", "hello".getBytes(StandardCharsets.UTF_16)))
                .hasMessageContaining("a.txt is UTF-16");
        assertThatThrownBy(() -> read("[\n {\"prompt\": \"a\"}]"))
                .hasMessageContaining("is one JSON array; make it an object a line");
    }

    @Test
    void aFileThatIsNotThereOrAFolderIsRefused() {
        assertThatThrownBy(
                        () ->
                                InputReader.open(
                                        folder.resolve("none"), "none", Optional.empty(), BOUNDS))
                .isInstanceOf(InputException.class)
                .hasMessage("there is no file none");
        assertThatThrownBy(() -> InputReader.open(folder, "here", Optional.empty(), BOUNDS))
                .hasMessage("here is a folder; give a file of prompts");
    }

    @Test
    void brokenJsonIsNotSentToAModelAsText() throws Exception {
        List<InputLine> lines =
                read("prompts.jsonl", "not json at all\n".getBytes(StandardCharsets.UTF_8));

        assertThat(reason(lines.getFirst())).startsWith("line 1: it is no JSON");
    }

    @Test
    void aForcedFormatIsTaken() throws Exception {
        Path file = Files.writeString(folder.resolve("in"), "{\"prompt\":\"x\"}\n");

        try (InputReader reader =
                InputReader.open(file, "in", Optional.of(InputFormat.TEXT), BOUNDS)) {
            InputLine line = reader.next().orElseThrow();

            assertThat(valid(line).getMessages())
                    .containsExactly(new Message("user", "{\"prompt\":\"x\"}"));
        }
        Path array = Files.writeString(folder.resolve("array"), "[{\"a\": 1}] means what?\n");
        try (InputReader reader =
                InputReader.open(array, "array", Optional.of(InputFormat.TEXT), BOUNDS)) {
            assertThat(reader.next()).isPresent();
        }
        Path text = Files.writeString(folder.resolve("text"), "hello, world\nx\n");
        assertThatThrownBy(
                        () -> InputReader.open(text, "text", Optional.of(InputFormat.CSV), BOUNDS))
                .hasMessage(
                        "text: the CSV header has no column prompt, messages or request, but hello,"
                                + " world; rename one, or say --input-format text if it is no CSV");
    }

    private List<InputLine> read(String text) throws IOException, InputException {
        return read("prompts", text.getBytes(StandardCharsets.UTF_8));
    }

    private List<InputLine> read(String name, byte[] bytes) throws IOException, InputException {
        Path file = Files.write(folder.resolve("input"), bytes);
        List<InputLine> lines = new ArrayList<>();
        try (InputReader reader = InputReader.open(file, name, Optional.empty(), BOUNDS)) {
            for (Optional<InputLine> line = reader.next(); line.isPresent(); line = reader.next()) {
                lines.add(line.get());
            }
            assertThat(reader.bytesRead()).isEqualTo(bytes.length);
        }
        return lines;
    }

    private static PromptEvent valid(InputLine line) {
        assertThat(line).isInstanceOf(InputLine.Valid.class);
        return ((InputLine.Valid) line).event();
    }

    private static String reason(InputLine line) {
        assertThat(line).isInstanceOf(InputLine.Invalid.class);
        return ((InputLine.Invalid) line).failure().message();
    }
}
