package dev.assay.provider.openai;

import dev.assay.config.ModelConfig;
import dev.assay.model.CallResult;
import dev.assay.provider.ChatText;
import dev.assay.provider.JsonText;
import dev.assay.provider.ModelProvider;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.UnusableRequestException;
import dev.assay.provider.http.HttpCaller;
import dev.assay.provider.reply.ModelCalls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/// A model behind OpenAI's chat completions: `POST base_url/chat/completions`.
public final class OpenAiProvider implements ModelProvider {

    private static final String PATH = "/chat/completions";

    private final ModelCalls calls;
    private final RequestWriter writer;
    private final String lead;

    /// @param caller stays open when this provider is closed
    /// @param clock for retry times that are given as dates
    public OpenAiProvider(ModelConfig model, HttpCaller caller, InstantSource clock) {
        this.calls = OpenAiCalls.open(model, PATH, caller, clock);
        this.writer = new RequestWriter(model, Set.of(), Set.of(), Map.of(), Map.of());
        this.lead = "\"model\":" + JsonText.quoted(model.providerModel());
    }

    @Override
    public CallResult call(ModelRequest request) throws InterruptedException {
        byte[] json;
        try {
            json = writer.write(lead, request);
        } catch (UnusableRequestException e) {
            return calls.refused(e);
        }
        return calls.call(json, request, () -> chars(request.chatJson()));
    }

    @Override
    public void close() {
        calls.close();
    }

    private static int chars(String chatJson) {
        try {
            return ChatText.parse(chatJson).chars();
        } catch (IOException e) {
            throw new UncheckedIOException("a request that was sent can be read again", e);
        }
    }
}
