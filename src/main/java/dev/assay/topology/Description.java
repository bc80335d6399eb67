package dev.assay.topology;

import dev.assay.codec.RegistrySerdes;
import dev.assay.config.ModelConfig;
import dev.assay.config.TopologyFile;
import dev.assay.model.CheckPolicy;
import dev.assay.model.EnsemblePick;
import dev.assay.model.Route;
import dev.assay.model.Strategy;

import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription.GlobalStore;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/// What a topology file comes to, for people: its models and routes, and the topology that Kafka
/// Streams runs.
public final class Description {

    private final TopologyFile file;
    private final List<Element> elements = new ArrayList<>();
    private final List<Arrow> arrows = new ArrayList<>();

    /// What a thing in the drawing is.
    public enum Kind {
        TOPIC,
        PROCESSOR,
        STORE
    }

    /// A thing in the drawing.
    ///
    /// @param id of letters, digits and underscores
    public record Element(String id, String name, Kind kind) {}

    /// From one thing to another, by their ids.
    public record Arrow(String from, String to) {}

    private Description(TopologyFile file) {
        this.file = file;
    }

    /// Describes a file; nothing is connected to.
    public static Description of(TopologyFile file) {
        RegistrySerdes serdes = new RegistrySerdes(Map.of("url", "mock://describe"));
        Parts parts = Parts.of(file, Map.of(), serdes, 1, InstantSource.system(), new Random(0));
        Topology topology = PipelineTopology.build(parts);
        parts.flights().close();
        Description description = new Description(file);
        topology.describe().subtopologies().stream()
                .sorted(Comparator.comparingInt(Subtopology::id))
                .flatMap(sub -> sub.nodes().stream().sorted(Comparator.comparing(Node::name)))
                .forEach(description::add);
        for (GlobalStore store : topology.describe().globalStores()) {
            description.add(store.source());
            description.add(store.processor());
        }
        return description;
    }

    /// Topics, processors and stores, in an order that does not change.
    public List<Element> elements() {
        return elements.stream()
                .distinct()
                .sorted(Comparator.comparing(Element::kind).thenComparing(Element::name))
                .toList();
    }

    /// The roads between them, in an order that does not change.
    public List<Arrow> arrows() {
        return arrows.stream()
                .distinct()
                .sorted(Comparator.comparing(Arrow::from).thenComparing(Arrow::to))
                .toList();
    }

    /// Models, routes and roads as plain text.
    public String text() {
        StringBuilder text =
                new StringBuilder("application ").append(file.name()).append("\n\nmodels\n");
        for (ModelConfig model : file.models()) {
            text.append("  %-16s %s%n".formatted(model.name(), place(model)));
        }
        text.append("\nroutes, first match wins\n");
        for (Route route : file.routes()) {
            text.append(
                    "  %-16s %s %s, %d %s at most; %s%n"
                            .formatted(
                                    route.name(),
                                    route.strategy().label(),
                                    assigned(route.strategy()),
                                    route.rounds(),
                                    route.rounds() == 1 ? "round" : "rounds",
                                    checks(route.check())));
        }
        text.append("\nroads\n");
        for (Element element : elements()) {
            List<String> next =
                    arrows().stream()
                            .filter(arrow -> arrow.from().equals(element.id()))
                            .map(arrow -> name(arrow.to()))
                            .toList();
            String kind = element.kind().name().toLowerCase(Locale.ROOT);
            text.append(
                    "  %-10s %-20s%s%n"
                            .formatted(
                                    kind,
                                    element.name(),
                                    next.isEmpty() ? "" : "-> " + String.join(", ", next))
                            .replaceAll(" +\n", "\n"));
        }
        return text.toString();
    }

    /// What is called where, as the variables of the file have settled it.
    private static String place(ModelConfig model) {
        return model.provider().name().toLowerCase(Locale.ROOT)
                + model.baseUrl()
                        .map(url -> " %s at %s".formatted(model.providerModel(), url))
                        .orElse("");
    }

    private static String assigned(Strategy strategy) {
        return switch (strategy) {
            case Strategy.Fixed _, Strategy.Cheapest _ -> strategy.models().toString();
            case Strategy.Cascade cascade ->
                    cascade.models()
                            + (cascade.usdPerPoint().isPresent()
                                    ? ", a point is worth %s USD"
                                            .formatted(cascade.usdPerPoint().getAsDouble())
                                    : "");
            case Strategy.Learned learned ->
                    "%s, a point is worth %s USD, %s explored"
                            .formatted(learned.models(), learned.usdPerPoint(), learned.explore());
            case Strategy.Ensemble several ->
                    "%s, %d at once, %s, quorum %d%s"
                            .formatted(
                                    several.models(),
                                    several.members(),
                                    picked(several.pick()),
                                    several.quorum(),
                                    several.maxWait()
                                            .map(wait -> ", waits " + wait.toMillis() + " ms")
                                            .orElse(""));
        };
    }

    private static String picked(EnsemblePick pick) {
        return switch (pick) {
            case EnsemblePick.Best _ -> "best grade";
            case EnsemblePick.Pairwise _ -> "compared in pairs";
            case EnsemblePick.Vote _ -> "vote";
            case EnsemblePick.Fuse fuse -> "fused by " + fuse.model();
        };
    }

    private static String checks(CheckPolicy check) {
        if (check.isNone()) {
            return "not checked";
        }
        List<String> parts = new ArrayList<>();
        if (!check.rules().isEmpty()) {
            parts.add(
                    "%d %s"
                            .formatted(
                                    check.rules().size(),
                                    check.rules().size() == 1 ? "rule" : "rules"));
        }
        check.agreement().ifPresent(other -> parts.add("agreement with " + other.model()));
        if (!check.judges().isEmpty()) {
            parts.add("judges %s, pass %s".formatted(check.judges(), check.pass()));
        }
        return String.join(", ", parts);
    }

    /// The roads as a Mermaid flowchart.
    public String mermaid() {
        StringBuilder chart = new StringBuilder("flowchart LR\n");
        for (Element element : elements()) {
            String shape =
                    switch (element.kind()) {
                        case TOPIC -> "[[%s]]";
                        case PROCESSOR -> "(%s)";
                        case STORE -> "[(%s)]";
                    };
            chart.append("  ")
                    .append(element.id())
                    .append(shape.formatted(element.name()))
                    .append('\n');
        }
        arrows().forEach(
                        arrow ->
                                chart.append("  ")
                                        .append(arrow.from())
                                        .append(" --> ")
                                        .append(arrow.to())
                                        .append('\n'));
        return chart.toString();
    }

    private String name(String id) {
        return elements.stream()
                .filter(element -> element.id().equals(id))
                .findFirst()
                .map(Element::name)
                .orElse(id);
    }

    private void add(Node node) {
        switch (node) {
            case Source source ->
                    new TreeSet<>(source.topicSet())
                            .forEach(
                                    topic ->
                                            source.successors()
                                                    .forEach(
                                                            next ->
                                                                    arrow(
                                                                            topic(topic),
                                                                            processor(
                                                                                    next.name()))));
            case Processor processor -> {
                String id = processor(processor.name());
                new TreeSet<>(processor.stores())
                        .forEach(store -> arrow(id, element(store, Kind.STORE)));
                processor.successors().forEach(next -> arrow(id, target(next)));
            }
            case Sink _ -> {
                // Drawn as the topic it writes to, by the arrows that lead to it.
            }
            default ->
                    throw new IllegalStateException(
                            "Kafka Streams knows a kind of node that this does not");
        }
    }

    private String target(Node next) {
        return next instanceof Sink sink ? topic(sink.topic()) : processor(next.name());
    }

    private String topic(String name) {
        return element(name, Kind.TOPIC);
    }

    private String processor(String name) {
        return element(name, Kind.PROCESSOR);
    }

    private String element(String name, Kind kind) {
        String id = kind.name().toLowerCase(Locale.ROOT) + "_" + name.replaceAll("\\W", "_");
        elements.add(new Element(id, name, kind));
        return id;
    }

    private void arrow(String from, String to) {
        arrows.add(new Arrow(from, to));
    }
}
