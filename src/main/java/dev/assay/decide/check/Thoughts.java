package dev.assay.decide.check;

/// The thoughts that reasoning models write before their reply where the provider leaves them in
/// the text.
final class Thoughts {

    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private Thoughts() {}

    /// The reply behind the thoughts; empty where the thoughts never end.
    ///
    /// The first closing mark counts. If a thought quotes that mark, too much is left and not too
    /// little, so that a verdict quoted behind it meets the judge's own and does not replace it.
    static String without(String reply) {
        String text = reply.stripLeading();
        if (!text.startsWith(OPEN)) {
            return reply;
        }
        int close = text.indexOf(CLOSE);
        return close < 0 ? "" : text.substring(close + CLOSE.length());
    }
}
