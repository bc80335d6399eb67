package dev.assay.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.assay.provider.ChatText.Message;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

class ChatTextTest {

    @Test
    void modelStreamAndMessagesAreRead() throws IOException {
        String json =
                "{\"x\":{\"model\":\"no\"},\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"é?\"},"
                        + "{\"content\":null,\"role\":\"assistant\",\"tool_calls\":[{}]}],\"stream\":true}";
        byte[] bytes = ("  " + json + "rubbish").getBytes(UTF_8);

        ChatText chat = ChatText.parse(json);

        assertThat(chat.model()).hasValue("small");
        assertThat(chat.stream()).isTrue();
        assertThat(chat.messages())
                .containsExactly(
                        new Message("user", "é?", true), new Message("assistant", "", true));
        assertThat(chat.chars()).isEqualTo(2);
        assertThat(ChatText.parse(bytes, 2, json.getBytes(UTF_8).length)).isEqualTo(chat);
    }

    @Test
    void partsAreJoinedAndWhatIsNoTextIsNoticed() throws IOException {
        String json =
                "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},\"b\",{\"text\":\"c\"}]},"
                        + "{\"role\":\"user\",\"content\":[{\"text\":\"see\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}}]}]}";

        ChatText chat = ChatText.parse(json);

        assertThat(chat.messages())
                .containsExactly(
                        new Message("user", "abc", true), new Message("user", "see", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"messages\":null}",
                "{\"messages\":7}",
                "{\"messages\":{\"role\":\"user\"}}",
                "{\"messages\":[]}",
                "{\"messages\":[1,[2],null]}",
                "{\"model\":[\"a\"],\"stream\":\"yes\"}"
            })
    void otherShapesHoldNoMessages(String json) throws IOException {
        ChatText chat = ChatText.parse(json);

        assertThat(chat.messages()).isEmpty();
        assertThat(chat.model()).isEmpty();
        assertThat(chat.stream()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "null", "{", "{\"messages\":[", "{\"messages\":[{\"role\":}]}"})
    void whatIsNoJsonObjectIsNotRead(String json) {
        assertThatThrownBy(() -> ChatText.parse(json)).isInstanceOf(IOException.class);
    }
}
