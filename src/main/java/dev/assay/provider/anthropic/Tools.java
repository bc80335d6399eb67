package dev.assay.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.provider.UnusableRequestException;

/// Maps the tools of a chat request and how they may be used. Tools in Anthropic's own form, such
/// as its web search, are sent as they are.
final class Tools {

    private static final String CHOICE = "tool_choice";

    private Tools() {}

    static void put(JsonNode tools, ObjectNode out) throws UnusableRequestException {
        ArrayNode mapped = out.arrayNode();
        for (JsonNode tool : tools) {
            mapped.add(tool(tool, out));
        }
        if (!mapped.isEmpty()) {
            out.set("tools", mapped);
        }
    }

    /// `required` is called `any`, and a function `tool`.
    static void putChoice(JsonNode choice, ObjectNode out) {
        ObjectNode mapped = choice(out);
        if (choice.isTextual()) {
            mapped.put("type", choice.textValue().equals("required") ? "any" : choice.textValue());
        } else if (choice.path("function").path("name").isTextual()) {
            mapped.put("type", "tool");
            mapped.set("name", choice.path("function").path("name"));
        } else if (choice instanceof ObjectNode own) {
            mapped.setAll(own);
        }
    }

    /// Only to forbid it has to be said.
    static void putParallel(JsonNode parallel, ObjectNode out) {
        if (parallel.isBoolean() && !parallel.booleanValue()) {
            ObjectNode choice = choice(out);
            if (!choice.has("type")) {
                choice.put("type", "auto");
            }
            choice.put("disable_parallel_tool_use", true);
        }
    }

    private static ObjectNode choice(ObjectNode out) {
        return out.get(CHOICE) instanceof ObjectNode there ? there : out.putObject(CHOICE);
    }

    private static JsonNode tool(JsonNode tool, ObjectNode out) throws UnusableRequestException {
        JsonNode function = tool.path("function");
        if (function.isObject()) {
            ObjectNode mapped = out.objectNode();
            mapped.set("name", function.path("name"));
            copy(function, "description", mapped);
            if (function.path("parameters").isObject()) {
                mapped.set("input_schema", function.path("parameters"));
            } else {
                mapped.putObject("input_schema").put("type", "object").putObject("properties");
            }
            copy(function, "strict", mapped);
            copy(tool, "cache_control", mapped);
            return mapped;
        }
        if (tool.path("custom").isObject()) {
            throw new UnusableRequestException(
                    "the Messages API has no tools without a schema; describe them as functions");
        }
        return tool;
    }

    private static void copy(JsonNode from, String name, ObjectNode to) {
        if (!from.path(name).isMissingNode() && !from.path(name).isNull()) {
            to.set(name, from.path(name));
        }
    }
}
