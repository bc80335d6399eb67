package dev.assay.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.provider.ChatText.Message;

import org.junit.jupiter.api.Test;

import java.util.List;

class PromptTemplateTest {

    private static final List<Message> TALK =
            List.of(
                    message("developer", "Be brief."),
                    message("user", "6*7?"),
                    message("assistant", "42"),
                    message("user", "And {system} $1?"));

    @Test
    void theDefaultIsATranscriptThatTheAssistantContinues() {
        String prompt = new PromptTemplate(PromptTemplate.DEFAULT).render(TALK);

        assertThat(prompt)
                .isEqualTo(
                        "System: Be brief.\n\n"
                                + "User: 6*7?\n\n"
                                + "Assistant: 42\n\n"
                                + "User: And {system} $1?\n\n"
                                + "Assistant:");
    }

    @Test
    void theSystemTextIsLeftOutOfTheTranscriptWhereItHasAPlaceOfItsOwn() {
        String prompt = new PromptTemplate("<<{system}>>\n{transcript}Assistant:").render(TALK);

        assertThat(prompt).startsWith("<<Be brief.>>\nUser: 6*7?").doesNotContain("System:");
    }

    @Test
    void thePromptIsTheLastUserMessageAlone() {
        assertThat(new PromptTemplate("{prompt}").render(TALK)).isEqualTo("And {system} $1?");
        assertThat(new PromptTemplate("[{prompt}]").render(List.of())).isEqualTo("[]");
    }

    @Test
    void otherBracesAreText() {
        assertThat(new PromptTemplate("{\"q\": \"{prompt}\"} {unknown}").render(TALK))
                .isEqualTo("{\"q\": \"And {system} $1?\"} {unknown}");
    }

    private static Message message(String role, String text) {
        return new Message(role, text, true);
    }
}
