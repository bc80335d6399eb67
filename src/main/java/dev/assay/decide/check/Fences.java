package dev.assay.decide.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The code fence that many models put around a reply that is JSON.
final class Fences {

    private static final Pattern FENCED =
            Pattern.compile("(?s)\\A```[a-zA-Z]{0,10}\\h*\\n(?<inside>.*)```\\z");

    private Fences() {}

    /// What stands inside the fence, where it is around the whole text; else the text.
    static String without(String text) {
        Matcher matcher = FENCED.matcher(text);
        return matcher.matches() ? matcher.group("inside").strip() : text;
    }
}
