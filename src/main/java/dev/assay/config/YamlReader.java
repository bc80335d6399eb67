package dev.assay.config;

import dev.assay.config.YamlNode.Mapping;
import dev.assay.config.YamlNode.Member;
import dev.assay.config.YamlNode.Scalar;
import dev.assay.config.YamlNode.Sequence;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.StreamReader;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// YAML text to [YamlNode]s. Only the syntax is read here: types are the business of who knows what
/// a key means, so that `no` is a fine tag and a variable is a number where a number is wanted.
final class YamlReader {

    /// Counted with aliases followed, which keeps a small file from growing into a large tree.
    private static final int MOST_NODES = 50_000;

    private static final int DEEPEST = 50;

    private static final Set<Tag> PLAIN_TAGS =
            Set.of(
                    Tag.STR,
                    Tag.INT,
                    Tag.FLOAT,
                    Tag.BOOL,
                    Tag.NULL,
                    Tag.TIMESTAMP,
                    Tag.SEQ,
                    Tag.MAP,
                    Tag.MERGE);

    private final Variables variables;
    private final Problems problems;
    private int nodes;

    private YamlReader(Variables variables, Problems problems) {
        this.variables = variables;
        this.problems = problems;
    }

    /// The document in a text.
    ///
    /// @throws TopologyFileException if the text is no YAML, or a tree beyond the limits
    static YamlNode read(String text, Variables variables, Problems problems) {
        Optional<Node> root = compose(text, problems);
        if (root.isEmpty()) {
            throw problems.fatal(
                    0, KeyPath.ROOT, "is empty; it needs at least name, models and routes");
        }
        return new YamlReader(variables, problems).node(root.get(), KeyPath.ROOT, 0);
    }

    private static Optional<Node> compose(String text, Problems problems) {
        refuseUnprintable(text, problems);
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(DEEPEST);
        options.setCodePointLimit(
                Integer.MAX_VALUE); // the parser's limit on bytes is the tighter one
        try {
            return Optional.ofNullable(new Yaml(options).compose(new StringReader(text)));
        } catch (MarkedYAMLException e) {
            throw problems.fatal(lineOf(e), KeyPath.ROOT, "is not YAML: " + reason(e));
        } catch (YAMLException e) {
            throw problems.fatal(
                    0,
                    KeyPath.ROOT,
                    "is beyond a limit of YAML: " + e.getMessage() + "; make it simpler");
        }
    }

    /// Ahead of the library, whose own message names no line.
    private static void refuseUnprintable(String text, Problems problems) {
        int line = 1;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int character = text.codePointAt(i);
            if (!StreamReader.isPrintable(character)) {
                throw problems.fatal(
                        line,
                        KeyPath.ROOT,
                        "has the unprintable character U+%04X; remove it".formatted(character));
            }
            line += character == '\n' ? 1 : 0;
        }
    }

    private static int lineOf(MarkedYAMLException e) {
        Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
        return mark == null ? 0 : mark.getLine() + 1;
    }

    /// Without the library's excerpt of the file, which may show a key.
    private static String reason(MarkedYAMLException e) {
        String problem = e.getProblem() == null ? "" : e.getProblem();
        if (problem.startsWith("found undefined alias")) {
            return "an alias (*name) has no anchor (&name) before it; put a text that begins with *"
                    + " in quotes";
        }
        String context = e.getContext() == null ? "" : e.getContext() + ", ";
        return context
                + problem
                + "; put texts with special characters in quotes, and look at the indentation";
    }

    private YamlNode node(Node node, KeyPath path, int depth) {
        int line = node.getStartMark().getLine() + 1;
        nodes++;
        if (nodes > MOST_NODES) {
            throw problems.fatal(
                    line,
                    path,
                    "the file has more than %d values, aliases followed; make it smaller"
                            .formatted(MOST_NODES));
        }
        if (depth > DEEPEST) {
            throw problems.fatal(
                    line,
                    path,
                    "is nested deeper than %d levels; look for an alias inside its own anchor"
                            .formatted(DEEPEST));
        }
        if (!PLAIN_TAGS.contains(node.getTag())) {
            problems.add(
                    line, path, "has a YAML tag (!...), which has no meaning here; leave it out");
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar, line, path);
            case SequenceNode sequence -> sequence(sequence, line, path, depth);
            case MappingNode mapping -> mapping(mapping, line, path, depth);
            default ->
                    throw problems.fatal(line, path, "is not YAML that can be read; write it out");
        };
    }

    private Scalar scalar(ScalarNode scalar, int line, KeyPath path) {
        String written = scalar.getValue();
        Optional<String> value =
                variables.substitute(written, problem -> problems.add(line, path, problem));
        return new Scalar(line, written, value, !scalar.isPlain());
    }

    private Sequence sequence(SequenceNode sequence, int line, KeyPath path, int depth) {
        List<YamlNode> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(node(item, path.item(items.size()), depth + 1));
        }
        return new Sequence(line, items);
    }

    private Mapping mapping(MappingNode mapping, int line, KeyPath path, int depth) {
        Map<String, Member> members = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            int keyLine = keyNode.getStartMark().getLine() + 1;
            Optional<String> key = key(keyNode, keyLine, path);
            if (key.isEmpty()) {
                continue;
            }
            KeyPath memberPath = path.member(key.get());
            YamlNode value = node(tuple.getValueNode(), memberPath, depth + 1);
            Member earlier = members.putIfAbsent(key.get(), new Member(keyLine, value));
            if (earlier != null) {
                problems.add(
                        keyLine,
                        memberPath,
                        "stands twice, first in line %d; remove one".formatted(earlier.line()));
            }
        }
        return new Mapping(line, members);
    }

    private Optional<String> key(Node node, int line, KeyPath path) {
        if (!(node instanceof ScalarNode scalar)) {
            problems.add(line, path, "has a key that is no text; write key: value");
            return Optional.empty();
        }
        if (node.getTag().equals(Tag.MERGE)) {
            problems.add(line, path, "merge keys (<<) are not supported; write the keys out");
            return Optional.empty();
        }
        if (scalar.getValue().contains("${")) {
            problems.add(
                    line,
                    path,
                    "variables are not put into keys, only into values; write the key out");
            return Optional.empty();
        }
        return Optional.of(scalar.getValue());
    }
}
