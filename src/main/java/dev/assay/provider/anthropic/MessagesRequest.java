package dev.assay.provider.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.config.ModelConfig;
import dev.assay.provider.JsonText;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.UnusableRequestException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes a chat completions request as one to the Messages API.
///
/// What has an equivalent is mapped; what only tunes the answer and has none is left out, as
/// Anthropic's own layer for OpenAI's clients does (https://docs.anthropic.com/en/api/openai-sdk);
/// what would make it another request is refused. Fields that neither knows are sent as they are,
/// so that `top_k`, `thinking` and the like can be used. `drop_params` and `rename_params` speak of
/// the fields of the request, `params` of those that are sent.
final class MessagesRequest {

    private static final JsonMapper JSON =
            JsonMapper.builder(JsonText.FACTORY)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .build();

    private static final String MAX_TOKENS = "max_tokens";
    private static final String TOOLS = "tools";
    private static final String TOOL_CHOICE = "tool_choice";

    /// The API wants a limit; this one is sent where nobody sets one.
    private static final int DEFAULT_MAX_TOKENS = 4096;

    private static final Set<String> LEFT_OUT =
            Set.of(
                    "model",
                    "stream",
                    "stream_options",
                    "n",
                    "audio",
                    "frequency_penalty",
                    "logit_bias",
                    "metadata",
                    "prediction",
                    "presence_penalty",
                    "prompt_cache_key",
                    "reasoning_effort",
                    "safety_identifier",
                    "seed",
                    "service_tier",
                    "store",
                    "top_logprobs",
                    "verbosity");

    private static final Set<String> REFUSED =
            Set.of("functions", "function_call", "web_search_options");

    private final String model;
    private final Set<String> dropped;
    private final Map<String, String> renamed;
    private final Map<String, JsonNode> params;
    private final int maxTokens;

    MessagesRequest(ModelConfig model) {
        this.model = model.providerModel();
        this.dropped = Set.copyOf(model.dropParams());
        this.renamed = model.renameParams();
        this.params = new LinkedHashMap<>();
        model.params().forEach((name, value) -> params.put(name, JSON.valueToTree(value)));
        this.maxTokens = model.card().maxOutputTokens().orElse(DEFAULT_MAX_TOKENS);
    }

    byte[] write(ModelRequest request) throws UnusableRequestException {
        ObjectNode chat = parse(request.chatJson());
        ObjectNode out = JSON.createObjectNode();
        out.put("model", model);
        for (Map.Entry<String, JsonNode> field : chat.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (value.isNull() || dropped.contains(name)) {
                continue;
            }
            String newName = renamed.get(name);
            if (newName == null) {
                put(name, value, out);
            } else if (!out.has(newName)) {
                out.set(newName, value);
            }
        }
        params.forEach(out::set);
        if (!out.has(MAX_TOKENS)) {
            out.put(MAX_TOKENS, request.maxOutputTokens().orElse(maxTokens));
        }
        if (!out.has(TOOLS)) {
            out.remove(TOOL_CHOICE);
        }
        try {
            return JSON.writeValueAsBytes(out);
        } catch (JsonProcessingException e) {
            throw new UnusableRequestException("it cannot be written as JSON");
        }
    }

    private static ObjectNode parse(String chatJson) throws UnusableRequestException {
        try {
            if (JSON.readTree(chatJson) instanceof ObjectNode chat) {
                return chat;
            }
        } catch (JsonProcessingException e) {
            throw new UnusableRequestException("it is no valid JSON, or has a field twice");
        }
        throw new UnusableRequestException("it is not one JSON object");
    }

    private static void put(String name, JsonNode value, ObjectNode out)
            throws UnusableRequestException {
        if (LEFT_OUT.contains(name)) {
            return;
        }
        if (REFUSED.contains(name)) {
            throw new UnusableRequestException(
                    "the Messages API has no \"" + name + "\"; use tools, or another model");
        }
        switch (name) {
            case "messages" -> new Conversation(value).putInto(out);
            case MAX_TOKENS, "max_completion_tokens" -> out.set(MAX_TOKENS, value);
            case "temperature" -> putTemperature(value, out);
            case "stop" -> putStop(value, out);
            case "user" -> out.putObject("metadata").set("user_id", value);
            case TOOLS -> Tools.put(value, out);
            case TOOL_CHOICE -> Tools.putChoice(value, out);
            case "parallel_tool_calls" -> Tools.putParallel(value, out);
            case "response_format" -> putResponseFormat(value, out);
            case "logprobs" -> refuse(value.asBoolean(), "no log probabilities");
            case "modalities" ->
                    refuse(
                            value.size() > 1 || !value.path(0).asText().equals("text"),
                            "text answers only");
            default -> out.set(name, value);
        }
    }

    /// OpenAI's goes up to 2, Anthropic's up to 1.
    private static void putTemperature(JsonNode value, ObjectNode out) {
        if (value.isNumber() && value.doubleValue() > 1) {
            out.put("temperature", 1);
        } else {
            out.set("temperature", value);
        }
    }

    /// One text or a list of them; those of white space alone are not taken.
    private static void putStop(JsonNode value, ObjectNode out) {
        ArrayNode taken = JSON.createArrayNode();
        for (JsonNode sequence : value.isTextual() ? List.of(value) : value) {
            if (!sequence.isTextual() || !sequence.textValue().isBlank()) {
                taken.add(sequence);
            }
        }
        if (!taken.isEmpty()) {
            out.set("stop_sequences", taken);
        }
    }

    /// A schema has an equivalent
    /// (https://docs.claude.com/en/docs/build-with-claude/structured-outputs); `json_object` has
    /// none, and wants the prompt to ask for JSON anyway.
    private static void putResponseFormat(JsonNode value, ObjectNode out) {
        if (value.path("type").asText().equals("json_schema")) {
            ObjectNode format = out.putObject("output_config").putObject("format");
            format.put("type", "json_schema");
            format.set("schema", value.path("json_schema").path("schema"));
        }
    }

    private static void refuse(boolean wanted, String what) throws UnusableRequestException {
        if (wanted) {
            throw new UnusableRequestException(
                    "the Messages API gives " + what + "; use another model for such prompts");
        }
    }
}
