package dev.assay.config;

import dev.assay.config.YamlNode.Mapping;
import dev.assay.model.Catalog;
import dev.assay.model.Route;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Reads a topology file. Everything that is wrong with it is found in one go, and said with file,
/// line and key.
///
/// Opens no file but the topology file and the JSON schemas that it names.
public final class TopologyParser {

    private final Problems problems;
    private final String source;
    private final Path folder;

    private TopologyParser(Path file) {
        this.source = file.toString();
        this.problems = new Problems(source);
        this.folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
    }

    /// Reads a file.
    ///
    /// @param environment what `${NAME}` stands for
    /// @throws TopologyFileException if the file cannot be read or anything in it is wrong
    public static TopologyFile parse(Path file, Map<String, String> environment) {
        TopologyParser parser = new TopologyParser(file);
        String text;
        try {
            text = TextFile.read(file);
        } catch (IOException e) {
            throw parser.problems.fatal(
                    0,
                    KeyPath.ROOT,
                    "cannot be read: " + TextFile.reason(e) + "; name a topology file with -t");
        }
        return parser.read(text, environment);
    }

    /// Reads a text as if it stood in a file.
    ///
    /// @param file its name in messages, and what paths in it are relative to; need not exist
    /// @param environment what `${NAME}` stands for
    /// @throws TopologyFileException if anything in the text is wrong
    public static TopologyFile parse(String text, Path file, Map<String, String> environment) {
        return new TopologyParser(file).read(text, environment);
    }

    private TopologyFile read(String text, Map<String, String> environment) {
        YamlNode root = YamlReader.read(text, new Variables(environment), problems);
        if (!(root instanceof Mapping mapping)) {
            throw problems.fatal(
                    root.line(),
                    KeyPath.ROOT,
                    "must be a mapping with the keys name, models and routes");
        }
        TopologyFile file = read(new Section(KeyPath.ROOT, root.line(), mapping, problems));
        problems.throwIfAny();
        return file;
    }

    private TopologyFile read(Section top) {
        String name =
                top.required("name", "name: my-pipeline")
                        .flatMap(TopicNames::application)
                        .orElse("");
        List<ModelConfig> models = models(top);
        ModelNames names = ModelNames.of(models);
        TopologyFile file =
                new TopologyFile(
                        name,
                        source,
                        models,
                        routes(top, names, models),
                        tenants(top, new TenantReader(models, names)),
                        top.section("topics")
                                .map(EngineReader::topics)
                                .orElse(TopicsConfig.DEFAULT),
                        EngineReader.engine(top),
                        top.section("api").map(ApiReader::read).orElse(ApiConfig.DEFAULT),
                        kafka(top),
                        schemaRegistry(top));
        top.refuseUnknownKeys();
        return file;
    }

    private static List<ModelConfig> models(Section top) {
        List<Field> items =
                top.required("models", "a list of at least one model")
                        .map(Field::filledItems)
                        .orElse(List.of());
        return named(items, ModelReader::read, ModelConfig::name);
    }

    private List<Route> routes(Section top, ModelNames names, List<ModelConfig> models) {
        List<Field> items =
                top.required("routes", "a list of at least one route")
                        .map(Field::filledItems)
                        .orElse(List.of());
        Catalog catalog = Catalog.of(models.stream().map(ModelConfig::card).toList());
        return named(
                items,
                new RouteReader(names, catalog, new CheckReader(names, new RuleReader(folder)))
                        ::read,
                Route::name);
    }

    /// Reads every item, and refuses a name that an earlier one has.
    private static <T> List<T> named(
            List<Field> items, Function<Section, T> reading, Function<T, String> nameOf) {
        List<T> values = new ArrayList<>();
        Map<String, Integer> lines = new HashMap<>();
        for (Section section : items.stream().flatMap(item -> item.section().stream()).toList()) {
            T value = reading.apply(section);
            values.add(value);
            String name = nameOf.apply(value);
            section.field("name")
                    .filter(_ -> !name.isEmpty())
                    .ifPresent(field -> refuseTaken(name, field, lines));
        }
        return values;
    }

    private static void refuseTaken(String name, Field field, Map<String, Integer> lines) {
        Integer earlier = lines.putIfAbsent(name, field.line());
        if (earlier != null) {
            field.problem(
                    "%s is taken in line %d already; choose another name"
                            .formatted(field.quoted(), earlier));
        }
    }

    private static List<TenantConfig> tenants(Section top, TenantReader reader) {
        List<TenantConfig> tenants = new ArrayList<>();
        Map<String, Field> members = top.field("tenants").map(Field::members).orElse(Map.of());
        for (Map.Entry<String, Field> member : members.entrySet()) {
            Optional<Section> section = member.getValue().section();
            section.ifPresent(
                    tenant -> tenants.add(reader.read(member.getKey(), member.getValue(), tenant)));
        }
        return tenants;
    }

    private static Map<String, String> properties(Section top, String key) {
        return top.field(key).map(field -> field.members(Field::text)).orElse(Map.of());
    }

    private static Map<String, String> kafka(Section top) {
        Map<String, Field> members = top.field("kafka").map(Field::members).orElse(Map.of());
        only(
                members,
                "group.protocol",
                List.of("classic"),
                "must be classic: the others take no consumer that can be paused when too much waits");
        only(
                members,
                "processing.guarantee",
                List.of("exactly_once_v2", "at_least_once"),
                "must be exactly_once_v2 or at_least_once");
        Optional.ofNullable(members.get("application.id"))
                .ifPresent(
                        field ->
                                field.problem(
                                        "leave it out; the application bears the file's name"));
        return properties(top, "kafka");
    }

    private static void only(
            Map<String, Field> members, String key, List<String> values, String problem) {
        Optional.ofNullable(members.get(key))
                .filter(
                        field ->
                                field.text()
                                        .filter(
                                                text ->
                                                        values.stream()
                                                                .anyMatch(text::equalsIgnoreCase))
                                        .isEmpty())
                .ifPresent(field -> field.problem(problem));
    }

    private static Map<String, String> schemaRegistry(Section top) {
        Map<String, Field> members =
                top.field("schema_registry").map(Field::members).orElse(Map.of());
        members.forEach(
                (key, field) -> {
                    if (key.startsWith("schema.registry.")) {
                        field.problem(
                                "leave out the prefix schema.registry., as in schema_registry:"
                                        + " {url: ...}");
                    }
                });
        return properties(top, "schema_registry");
    }
}
