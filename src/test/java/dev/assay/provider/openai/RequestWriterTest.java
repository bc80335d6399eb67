package dev.assay.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.assay.config.ProviderKind;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.TestModel;
import dev.assay.provider.UnusableRequestException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

class RequestWriterTest {

    private static final String LEAD = "\"model\":\"m\"";

    @Test
    void whatTheUserWrotePassesAsItIs() throws Exception {
        String rest =
                "\"messages\" : [ {\"role\":\"user\",\"content\":\"\\u00e9 é 😀 \\\"quoted\\\"\"}"
                        + " ],\"temperature\":0.70,"
                        + "\"seed\":12345678901234567890,\"response_format\":{\"type\":\"json_object\"},\"tools\":[{\"x\":[1,{\"y\":null}]}],\"unknown\":{"
                        + " \"a\":1.0e+2 },\"flag\":true,\"nothing\":null,\"empty\":\"\"";

        String written = write(model(), "{" + rest + "}");

        assertThat(written)
                .isEqualTo(
                        "{"
                                + LEAD
                                + ","
                                + rest.replace("\"messages\" : [", "\"messages\":[")
                                + "}");
    }

    @Test
    void modelAndStreamAreOurs() throws Exception {
        String written =
                write(
                        model(),
                        "{\"model\":\"gpt\",\"a\":1,\"stream\":true,\"stream_options\":{\"include_usage\":true},\"b\":2}");

        assertThat(written).isEqualTo("{" + LEAD + ",\"a\":1,\"b\":2}");
    }

    @Test
    void paramsAreSetOverWhatTheRequestHolds() throws Exception {
        String written =
                write(
                        model().params(
                                        Map.of(
                                                "temperature",
                                                0,
                                                "extra",
                                                Map.of("list", List.of("a", true)))),
                        "{\"temperature\":0.7,\"top_p\":1}");

        assertThat(tree(written))
                .isEqualTo(
                        tree(
                                "{\"model\":\"m\",\"top_p\":1,\"temperature\":0,\"extra\":{\"list\":[\"a\",true]}}"));
    }

    @Test
    void paramsAreSentInTheOrderOfTheFile() throws Exception {
        Map<String, Object> params = new LinkedHashMap<>();
        String written = "";
        for (String name : List.of("f", "e", "d", "c", "b", "a")) {
            params.put(name, 1);
            written += ",\"" + name + "\":1";
        }

        assertThat(write(model().params(params), "{}")).isEqualTo("{" + LEAD + written + "}");
    }

    @Test
    void droppedFieldsAreLeftOut() throws Exception {
        String written =
                write(
                        model().dropParams("temperature", "top_p"),
                        "{\"temperature\":0.7,\"a\":1,\"top_p\":1}");

        assertThat(written).isEqualTo("{" + LEAD + ",\"a\":1}");
    }

    @Test
    void renamedFieldsGoByTheirNewName() throws Exception {
        TestModel model = model().renameParams(Map.of("max_tokens", "max_completion_tokens"));

        assertThat(write(model, "{\"max_tokens\":5}"))
                .isEqualTo("{" + LEAD + ",\"max_completion_tokens\":5}");
        assertThat(write(model, "{\"max_tokens\":5,\"max_completion_tokens\":6}"))
                .isEqualTo("{" + LEAD + ",\"max_completion_tokens\":5}");
    }

    @Test
    void aParamReplacesAFieldThatIsRenamedToIt() throws Exception {
        TestModel model =
                model().renameParams(Map.of("max_tokens", "max_completion_tokens"))
                        .params(Map.of("max_completion_tokens", 9));

        assertThat(write(model, "{\"max_tokens\":5}"))
                .isEqualTo("{" + LEAD + ",\"max_completion_tokens\":9}");
    }

    @Test
    void ourLimitOfTheAnswerIsSentWhereTheRequestSetsNone() throws Exception {
        assertThat(limited(model(), "{}")).isEqualTo("{" + LEAD + ",\"max_tokens\":100}");
        assertThat(limited(model(), "{\"max_tokens\":null}"))
                .isEqualTo("{" + LEAD + ",\"max_tokens\":100}");
        assertThat(limited(model(), "{\"max_tokens\":5}"))
                .isEqualTo("{" + LEAD + ",\"max_tokens\":5}");
        assertThat(limited(model(), "{\"max_completion_tokens\":5}"))
                .isEqualTo("{" + LEAD + ",\"max_completion_tokens\":5}");
    }

    @Test
    void ourLimitGivesWayToTheOperators() throws Exception {
        TestModel renaming = model().renameParams(Map.of("max_tokens", "max_new_tokens"));

        assertThat(limited(renaming, "{}")).isEqualTo("{" + LEAD + ",\"max_new_tokens\":100}");
        assertThat(limited(renaming, "{\"max_tokens\":5}"))
                .isEqualTo("{" + LEAD + ",\"max_new_tokens\":5}");
        assertThat(limited(model().params(Map.of("max_completion_tokens", 7)), "{}"))
                .isEqualTo("{" + LEAD + ",\"max_completion_tokens\":7}");
        assertThat(limited(model().dropParams("max_tokens"), "{\"max_tokens\":5}"))
                .isEqualTo("{" + LEAD + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "\"secret\"",
                "{",
                "{\"secret\"}",
                "{\"a\":1}}",
                "{\"a\":1} {}",
                "{\"a\":secret}",
                "{a:1}"
            })
    void whatIsNoJsonObjectIsRefusedWithoutAWordOfIt(String text) {
        assertThatThrownBy(() -> write(model(), text))
                .isInstanceOf(UnusableRequestException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void aFieldThatOccursTwiceIsRefused() {
        assertThatThrownBy(() -> write(model(), "{\"messages\":[],\"messages\":[1]}"))
                .isInstanceOf(UnusableRequestException.class)
                .hasMessageContaining("\"messages\"");
    }

    @Test
    void aLongFieldIsNotRepeatedWhole() {
        String name = "x".repeat(10_000);

        assertThatThrownBy(() -> write(model(), "{\"%1$s\":1,\"%1$s\":2}".formatted(name)))
                .isInstanceOf(UnusableRequestException.class)
                .hasMessage("its field \"" + "x".repeat(99) + "…\" occurs twice");
    }

    @Test
    void anyObjectIsTheSameAfterwardsButForTheModel() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            String fields = RandomJson.fields(new Random(seed));

            String written = write(model(), "{" + fields + "}");

            assertThat(tree(written))
                    .as("seed %d", seed)
                    .isEqualTo(tree("{" + LEAD + (fields.isBlank() ? "" : ",") + fields + "}"));
        }
    }

    private static TestModel model() {
        return TestModel.of(ProviderKind.OPENAI);
    }

    private static String write(TestModel model, String chatJson) throws UnusableRequestException {
        return write(model, chatJson, OptionalInt.empty());
    }

    private static String limited(TestModel model, String chatJson)
            throws UnusableRequestException {
        return write(model, chatJson, OptionalInt.of(100));
    }

    private static String write(TestModel model, String chatJson, OptionalInt maxOutputTokens)
            throws UnusableRequestException {
        RequestWriter writer =
                new RequestWriter(model.build(), Set.of(), Set.of(), Map.of(), Map.of());
        ModelRequest request = new ModelRequest(chatJson, maxOutputTokens, Duration.ofSeconds(1));
        return new String(writer.write(LEAD, request), UTF_8);
    }

    private static JsonNode tree(String json) throws Exception {
        return new ObjectMapper().readTree(json);
    }
}
