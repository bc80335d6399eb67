package dev.assay.cli;

import dev.assay.topology.Description;
import dev.assay.topology.Description.Arrow;
import dev.assay.topology.Description.Element;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The topology as SVG: columns from left to right by the longest way from a source, the loop's way
/// back as a curve.
final class TopologyDrawing {

    private static final int WIDTH = 150;
    private static final int HEIGHT = 36;
    private static final int COLUMN = 210;
    private static final int ROW = 74;
    private static final int MARGIN = 30;

    private final Description description;
    private final Map<String, Integer> columns = new HashMap<>();
    private final Map<String, Integer> rows = new HashMap<>();

    TopologyDrawing(Description description) {
        this.description = description;
        place();
    }

    String svg() {
        int width = MARGIN * 2 + COLUMN * (max(columns) + 1);
        int height = MARGIN * 2 + ROW * (max(rows) + 1);
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                        .formatted(width, height));
        svg.append("font-family=\"sans-serif\" font-size=\"13\">\n");
        svg.append(
                "<defs><marker id=\"tip\" markerWidth=\"8\" markerHeight=\"8\" refX=\"7\" refY=\"4\" orient=\"auto\">"
                        + "<path d=\"M0,0 L8,4 L0,8 z\" fill=\"#667\"/></marker></defs>\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        description.arrows().forEach(arrow -> svg.append(path(arrow)));
        description.elements().forEach(element -> svg.append(box(element)));
        return svg.append("</svg>\n").toString();
    }

    /// Columns by longest path over the arrows that do not lead back, rows in the order met.
    private void place() {
        List<Arrow> forward = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        description.elements().forEach(element -> columns.put(element.id(), 0));
        for (Element element : description.elements()) {
            walk(element.id(), new ArrayList<>(), seen, forward);
        }
        for (int round = 0; round < columns.size(); round++) {
            forward.forEach(
                    arrow ->
                            columns.merge(
                                    arrow.to(),
                                    columns.getOrDefault(arrow.from(), 0) + 1,
                                    Math::max));
        }
        Map<Integer, Integer> next = new HashMap<>();
        for (Element element : description.elements()) {
            int column = columns.getOrDefault(element.id(), 0);
            rows.put(element.id(), next.merge(column, 1, Integer::sum) - 1);
        }
    }

    private void walk(String id, List<String> path, List<String> seen, List<Arrow> forward) {
        if (seen.contains(id)) {
            return;
        }
        seen.add(id);
        path.add(id);
        for (Arrow arrow : description.arrows()) {
            if (arrow.from().equals(id) && !path.contains(arrow.to())) {
                forward.add(arrow);
                walk(arrow.to(), path, seen, forward);
            }
        }
        path.remove(id);
    }

    private String path(Arrow arrow) {
        int x1 = x(arrow.from()) + WIDTH;
        int y1 = y(arrow.from()) + HEIGHT / 2;
        int x2 = x(arrow.to());
        int y2 = y(arrow.to()) + HEIGHT / 2;
        int bend = x2 > x1 ? (x2 - x1) / 2 : COLUMN;
        return String.format(
                Locale.ROOT,
                "<path d=\"M%d,%d C%d,%d %d,%d %d,%d\" fill=\"none\" stroke=\"#99a\" marker-end=\"url(#tip)\"/>%n",
                x1,
                y1,
                x1 + bend,
                y1,
                x2 - bend,
                y2,
                x2 - 2,
                y2);
    }

    private String box(Element element) {
        String look =
                switch (element.kind()) {
                    case TOPIC -> "rx=\"4\" fill=\"#dde9f7\" stroke=\"#4a78b0\"";
                    case PROCESSOR -> "rx=\"18\" fill=\"#f4f4ee\" stroke=\"#777\"";
                    case STORE -> "rx=\"4\" fill=\"#f7ecd9\" stroke=\"#b08a4a\"";
                };
        return String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" %s/><text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
                x(element.id()),
                y(element.id()),
                WIDTH,
                HEIGHT,
                look,
                x(element.id()) + WIDTH / 2,
                y(element.id()) + HEIGHT / 2 + 5,
                element.name().replace("&", "&amp;").replace("<", "&lt;"));
    }

    private int x(String id) {
        return MARGIN + COLUMN * columns.getOrDefault(id, 0);
    }

    private int y(String id) {
        return MARGIN + ROW * rows.getOrDefault(id, 0);
    }

    private static int max(Map<String, Integer> values) {
        return values.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }
}
