package dev.assay.provider.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.assay.config.ModelConfig;
import dev.assay.provider.JsonFields;
import dev.assay.provider.JsonText;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.UnusableRequestException;

import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Writes the request that is sent to one model: the user's own, field by field and in its order,
/// but for what the model's entry in the topology file tells.
///
/// A field of the request is left out where `drop_params` names it, renamed by `rename_params`, and
/// gives way to one of `params` that is sent under the same name. `params` themselves are sent as
/// the operator wrote them. Answers are never streamed, so `stream` and `stream_options` are left
/// out.
final class RequestWriter {

    private static final String MAX_TOKENS = "max_tokens";
    private static final Set<String> OUTPUT_LIMITS = Set.of(MAX_TOKENS, "max_completion_tokens");
    private static final Set<String> OURS = Set.of("model", "stream", "stream_options");
    private static final int ROOM_FOR_OUR_FIELDS_CHARS = 256;
    private static final int LONGEST_SHOWN_CHARS = 100;

    private final Set<String> leftOut;
    private final Set<String> refused;
    private final Map<String, String> renamed;
    private final Map<String, String> paramsJson;
    private final Map<String, String> defaultsJson;
    private final Optional<String> outputLimitName;

    /// @param leftOut fields that the protocol does not have
    /// @param refused fields without which the request would mean something else, and which the
    ///   protocol does not have
    /// @param renamed fields that the protocol calls otherwise
    /// @param defaultsJson fields sent where neither request nor `params` set them, with their
    ///   values as JSON
    RequestWriter(
            ModelConfig model,
            Set<String> leftOut,
            Set<String> refused,
            Map<String, String> renamed,
            Map<String, String> defaultsJson) {
        this.leftOut = union(OURS, leftOut, Set.copyOf(model.dropParams()));
        this.refused = refused;
        Map<String, String> allRenamed = new HashMap<>(renamed);
        allRenamed.putAll(model.renameParams());
        this.renamed = Map.copyOf(allRenamed);
        this.paramsJson = json(model.params());
        Map<String, String> defaults = new LinkedHashMap<>();
        defaultsJson.forEach(
                (name, value) -> {
                    if (!this.leftOut.contains(name)) {
                        defaults.put(this.renamed.getOrDefault(name, name), value);
                    }
                });
        this.defaultsJson = defaults;
        this.outputLimitName = outputLimitName();
    }

    /// The body of the request.
    ///
    /// @param lead fields to begin with, as JSON text without braces
    byte[] write(String lead, ModelRequest request) throws UnusableRequestException {
        StringBuilder out =
                new StringBuilder(
                        request.chatJson().length() + lead.length() + ROOM_FOR_OUR_FIELDS_CHARS);
        out.append('{').append(lead);
        try (JsonFields fields = new JsonFields(request.chatJson())) {
            Set<String> sent = copyFields(fields, out);
            addOurs(request.maxOutputTokens(), sent, out);
        } catch (JsonProcessingException e) {
            throw new UnusableRequestException("it is no valid JSON" + place(e));
        } catch (IOException e) {
            throw new UnusableRequestException("it is not one JSON object");
        }
        return out.append('}').toString().getBytes(UTF_8);
    }

    /// Copies what is to be sent, and returns the names it is sent under.
    private Set<String> copyFields(JsonFields fields, StringBuilder out)
            throws IOException, UnusableRequestException {
        Set<String> seen = new HashSet<>();
        Set<String> sent = new HashSet<>();
        while (fields.next()) {
            String name = fields.name();
            if (!seen.add(name)) {
                throw new UnusableRequestException(
                        "its field " + JsonText.quoted(shown(name)) + " occurs twice");
            }
            if (refused.contains(name) && !fields.isNull()) {
                throw new UnusableRequestException(
                        "the completions protocol has no "
                                + JsonText.quoted(name)
                                + "; send such prompts to a chat model");
            }
            String sentAs = renamed.getOrDefault(name, name);
            boolean unset =
                    fields.isNull() && (OUTPUT_LIMITS.contains(name) || refused.contains(name));
            if (unset
                    || leftOut.contains(name)
                    || paramsJson.containsKey(sentAs)
                    || !sent.add(sentAs)) {
                fields.skip();
            } else {
                appendName(out, sentAs);
                fields.copyTo(out);
            }
        }
        return sent;
    }

    private void addOurs(OptionalInt maxOutputTokens, Set<String> sent, StringBuilder out) {
        paramsJson.forEach(
                (name, value) -> {
                    appendName(out, name);
                    out.append(value);
                });
        if (maxOutputTokens.isPresent()
                && outputLimitName.isPresent()
                && Collections.disjoint(sent, OUTPUT_LIMITS)
                && sent.add(outputLimitName.get())) {
            appendName(out, outputLimitName.get());
            out.append(maxOutputTokens.getAsInt());
        }
        defaultsJson.forEach(
                (name, value) -> {
                    if (!sent.contains(name) && !paramsJson.containsKey(name)) {
                        appendName(out, name);
                        out.append(value);
                    }
                });
    }

    /// The name under which a limit of ours is sent; empty where the operator set one, or dropped
    /// it.
    private Optional<String> outputLimitName() {
        String name = renamed.getOrDefault(MAX_TOKENS, MAX_TOKENS);
        boolean settled =
                leftOut.contains(MAX_TOKENS)
                        || paramsJson.containsKey(name)
                        || !Collections.disjoint(paramsJson.keySet(), OUTPUT_LIMITS);
        return settled ? Optional.empty() : Optional.of(name);
    }

    private static void appendName(StringBuilder out, String name) {
        if (out.length() > 1) {
            out.append(',');
        }
        out.append('"');
        JsonStringEncoder.getInstance().quoteAsString(name, out);
        out.append("\":");
    }

    private static Map<String, String> json(Map<String, Object> params) {
        ObjectMapper mapper = new ObjectMapper();
        Map<String, String> json = new LinkedHashMap<>();
        params.forEach((name, value) -> json.put(name, mapper.valueToTree(value).toString()));
        return json;
    }

    /// A field's name for a message, which must not repeat the prompt.
    private static String shown(String name) {
        return name.length() <= LONGEST_SHOWN_CHARS
                ? name
                : name.substring(0, LONGEST_SHOWN_CHARS - 1) + "…";
    }

    private static String place(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return location == null
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    @SafeVarargs
    private static Set<String> union(Set<String>... sets) {
        Set<String> all = new HashSet<>();
        for (Set<String> set : sets) {
            all.addAll(set);
        }
        return Set.copyOf(all);
    }
}
