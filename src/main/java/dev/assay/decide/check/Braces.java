package dev.assay.decide.check;

import java.util.ArrayList;
import java.util.List;

/// Finds what stands in braces, in one pass over a text.
///
/// Only outermost braces count, and quotation marks only inside of them, where JSON has strings.
/// What is inside a region is never searched again: there, a string that was not escaped would look
/// like an object of its own.
final class Braces {

    private Braces() {}

    /// From an opening brace to behind its closing one, or to the end of the text where it is never
    /// closed.
    record Region(int start, int end, boolean closed) {}

    /// The outermost regions, from first to last.
    static List<Region> in(String text) {
        List<Region> regions = new ArrayList<>();
        int start = 0;
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = false;
                }
            } else if (c == '{') {
                if (depth++ == 0) {
                    start = i;
                }
            } else if (depth > 0 && c == '"') {
                quoted = true;
            } else if (depth > 0 && c == '}' && --depth == 0) {
                regions.add(new Region(start, i + 1, true));
            }
        }
        if (depth > 0) {
            regions.add(new Region(start, text.length(), false));
        }
        return List.copyOf(regions);
    }
}
