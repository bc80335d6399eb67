package dev.assay.decide.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Optional;

/// The material as a reader finds it who goes by the fence that the first line names and by nothing
/// else.
record Sections(String question, Optional<String> reference, String answer) {

    static Sections of(JudgeMessages messages) {
        String user = messages.user();
        String fence = user.substring("Fence: ".length(), user.indexOf('\n'));
        Optional<String> reference =
                user.contains(open("REFERENCE", fence))
                        ? Optional.of(section(user, "REFERENCE", fence))
                        : Optional.empty();
        int lines = 1 + 2 * (reference.isPresent() ? 3 : 2);
        assertThat(user.toLowerCase(Locale.ROOT).split(fence, -1)).hasSize(lines + 1);
        return new Sections(
                section(user, "QUESTION", fence), reference, section(user, "ANSWER", fence));
    }

    private static String section(String user, String name, String fence) {
        String open = open(name, fence);
        int from = user.indexOf(open) + open.length();
        return user.substring(from, user.indexOf("\n<<<END " + name + " " + fence + ">>>\n"));
    }

    private static String open(String name, String fence) {
        return "<<<" + name + " " + fence + ">>>\n";
    }
}
