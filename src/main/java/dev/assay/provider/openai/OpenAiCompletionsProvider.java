package dev.assay.provider.openai;

import dev.assay.config.ModelConfig;
import dev.assay.model.CallResult;
import dev.assay.provider.ChatText;
import dev.assay.provider.ChatText.Message;
import dev.assay.provider.EndpointUrl;
import dev.assay.provider.JsonText;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.UnusableRequestException;
import dev.assay.provider.http.HttpCaller;
import dev.assay.provider.reply.ModelCalls;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/// A model behind OpenAI's older completions, which continue one text: `POST base_url/completions`.
///
/// The messages become the `prompt` by the model's `prompt_template`; see `PromptTemplate`.
/// GooseAI, and servers like it, have the model in the path, `/engines/MODEL/completions`, and not
/// in the body: so it is where the base URL is at `goose.ai`, or ends with `/engines` or
/// `/engines/MODEL`.
public final class OpenAiCompletionsProvider implements ModelProvider {

    private static final String GOOSE_AI = "goose.ai";
    private static final String ENGINES = "/engines";
    private static final String COMPLETIONS = "/completions";
    private static final Pattern ENDS_WITH_ENGINE = Pattern.compile(".*/engines/[^/]+");

    /// What the protocol lacks and a text model can do without.
    private static final Set<String> LEFT_OUT =
            Set.of("messages", "prompt", "tool_choice", "parallel_tool_calls");

    private static final Set<String> REFUSED = Set.of("tools", "functions");
    private static final Map<String, String> RENAMED =
            Map.of("max_completion_tokens", "max_tokens");

    private final ModelCalls calls;
    private final RequestWriter writer;
    private final PromptTemplate template;
    private final String modelField;

    /// @param caller stays open when this provider is closed
    /// @param clock for retry times that are given as dates
    public OpenAiCompletionsProvider(ModelConfig model, HttpCaller caller, InstantSource clock) {
        String path = path(model);
        this.calls = OpenAiCalls.open(model, path, caller, clock);
        this.template = new PromptTemplate(model.promptTemplate().orElse(PromptTemplate.DEFAULT));
        this.writer =
                new RequestWriter(
                        model,
                        LEFT_OUT,
                        REFUSED,
                        RENAMED,
                        template.hasTranscript()
                                ? Map.of("stop", PromptTemplate.STOP_AFTER_TRANSCRIPT)
                                : Map.of());
        boolean inPath = !path.equals(COMPLETIONS) || hasEngine(model.baseUrl().orElseThrow());
        this.modelField = inPath ? "" : "\"model\":" + JsonText.quoted(model.providerModel()) + ",";
    }

    @Override
    public CallResult call(ModelRequest request) throws InterruptedException {
        String prompt;
        byte[] json;
        try {
            prompt = prompt(request);
            json = writer.write(modelField + "\"prompt\":" + JsonText.quoted(prompt), request);
        } catch (UnusableRequestException e) {
            return calls.refused(e);
        }
        return calls.call(json, request, prompt::length);
    }

    @Override
    public void close() {
        calls.close();
    }

    private String prompt(ModelRequest request) throws UnusableRequestException {
        ChatText chat;
        try {
            chat = ChatText.parse(request.chatJson());
        } catch (IOException e) {
            throw new UnusableRequestException("it is no valid JSON object");
        }
        if (!chat.messages().stream().allMatch(Message::onlyText)) {
            throw new UnusableRequestException(
                    "the completions protocol takes text alone; send prompts with images or files"
                            + " to a chat model");
        }
        return template.render(chat.messages());
    }

    /// The path below the base URL, where the model may have its place in it.
    static String path(ModelConfig model) {
        String engine = "/" + EndpointUrl.segment(model.providerModel()) + COMPLETIONS;
        URI base = model.baseUrl().orElseThrow();
        if (base.getPath().endsWith(ENGINES)) {
            return engine;
        }
        return isGooseAi(base) && !hasEngine(base) ? ENGINES + engine : COMPLETIONS;
    }

    private static boolean hasEngine(URI base) {
        return ENDS_WITH_ENGINE.matcher(base.getPath()).matches();
    }

    private static boolean isGooseAi(URI base) {
        String host = Objects.requireNonNullElse(base.getHost(), "");
        return host.equals(GOOSE_AI) || host.endsWith("." + GOOSE_AI);
    }
}
