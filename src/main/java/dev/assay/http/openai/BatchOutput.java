package dev.assay.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.avro.FailedPrompt;
import dev.assay.avro.GradedAnswer;
import dev.assay.codec.Json;
import dev.assay.http.ApiError;
import dev.assay.http.ErrorJson;
import dev.assay.http.Reply;
import dev.assay.model.FailureCode;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.function.Consumer;

/// The output file and the error file of a batch while they grow, and the counts that follow from
/// them: what a crash leaves of the files says how far the batch is. For one thread. Source: OpenAI
/// API reference, "The request output object".
final class BatchOutput implements Closeable {

    private static final int OK = 200;

    private static final String CODE_EXPIRED = "batch_expired";
    private static final String CODE_CANCELLED = "batch_cancelled";

    /// What a batch that ended early says of the lines it left out.
    private static final String EXPIRED =
            "This request could not be executed before the completion window expired.";

    private static final String CANCELLED =
            "This request was not executed because the batch was cancelled.";

    private final String idPrefix;
    private final Consumer<BatchCounts> progress;
    private final BitSet taken = new BitSet();
    private final GrowingFile answers;
    private final GrowingFile errors;
    private BatchCounts counts;

    /// Goes on with the files of an earlier run, where there are any.
    ///
    /// @param progress told the counts whenever lines were written
    BatchOutput(Batch batch, Path answersPath, Path errorsPath, Consumer<BatchCounts> progress)
            throws IOException {
        this.idPrefix = "batch_req_" + batch.id().substring(batch.id().indexOf('_') + 1) + "_";
        this.progress = progress;
        this.counts = BatchCounts.of(batch.counts().total());
        this.answers = GrowingFile.open(answersPath, this::count);
        this.errors = GrowingFile.open(errorsPath, this::count);
        progress.accept(counts);
    }

    /// True once every line of the batch has its end.
    boolean complete() {
        return taken.cardinality() >= counts.total();
    }

    boolean has(long line) {
        return taken.get(Math.toIntExact(line));
    }

    /// A line that has its end already keeps it.
    void answered(long line, GradedAnswer answer) throws IOException {
        if (!has(line)) {
            ObjectNode body = new ChatCompletion(answer).whole();
            write(answers, responded(line, answer.getCustomId(), OK, body));
        }
    }

    /// A line that has its end already keeps it.
    void failed(long line, FailedPrompt failed) throws IOException {
        if (!has(line)) {
            write(errors, failure(line, failed));
        }
    }

    void flush() throws IOException {
        answers.flush();
        errors.flush();
        progress.accept(counts);
    }

    @Override
    public void close() throws IOException {
        try (errors) {
            answers.close();
        }
    }

    private void write(GrowingFile file, ObjectNode line) throws IOException {
        file.append(line);
        count(line);
    }

    private ObjectNode failure(long line, FailedPrompt failed) {
        ObjectNode row = Failures.row(new Reply.Failed(failed));
        row.remove("error");
        ObjectNode json =
                endsWithBatch(failed.getCode())
                        ? leftOut(line, failed.getCustomId(), failed.getCode())
                        : refused(line, failed.getCustomId(), Failures.error(failed));
        (json.at("/response/body") instanceof ObjectNode body ? body : json).set("assay", row);
        return json;
    }

    private static boolean endsWithBatch(String code) {
        return code.equals(FailureCode.CANCELLED.code())
                || code.equals(FailureCode.DEADLINE_EXCEEDED.code());
    }

    private ObjectNode refused(long line, @Nullable String customId, ApiError error) {
        return responded(line, customId, error.status(), Json.object(ErrorJson.of(error)));
    }

    private ObjectNode responded(
            long line, @Nullable String customId, int status, ObjectNode body) {
        ObjectNode json = head(line, customId);
        json.putObject("response")
                .put("status_code", status)
                .put("request_id", idPrefix + line)
                .set("body", body);
        json.putNull("error");
        return json;
    }

    private ObjectNode leftOut(long line, @Nullable String customId, String code) {
        ObjectNode json = head(line, customId);
        json.putNull("response");
        boolean cancelled = code.equals(FailureCode.CANCELLED.code());
        json.putObject("error")
                .put("code", cancelled ? CODE_CANCELLED : CODE_EXPIRED)
                .put("message", cancelled ? CANCELLED : EXPIRED);
        return json;
    }

    private ObjectNode head(long line, @Nullable String customId) {
        return Json.MAPPER.createObjectNode().put("id", idPrefix + line).put("custom_id", customId);
    }

    /// The counts follow from the written line alone, so that they are the same after a restart.
    private void count(ObjectNode line) {
        String id = line.path("id").asText();
        taken.set(Integer.parseInt(id.substring(id.lastIndexOf('_') + 1)));
        JsonNode response = line.path("response");
        boolean answered = response.path("status_code").asInt() == OK;
        JsonNode body = response.path("body");
        JsonNode assay = body.has("assay") ? body.path("assay") : line.path("assay");
        JsonNode usage = body.path("usage");
        JsonNode cost = assay.path("cost_usd");
        counts =
                new BatchCounts(
                        counts.total(),
                        counts.completed() + (answered ? 1 : 0),
                        counts.flagged() + (isFlagged(assay) ? 1 : 0),
                        counts.failed() + (answered ? 0 : 1),
                        counts.leftOut() + (isLeftOut(line) ? 1 : 0),
                        counts.inputTokens() + usage.path("prompt_tokens").asLong(),
                        counts.cachedInputTokens()
                                + usage.path("prompt_tokens_details")
                                        .path("cached_tokens")
                                        .asLong(),
                        counts.outputTokens() + usage.path("completion_tokens").asLong(),
                        counts.reasoningTokens()
                                + usage.path("completion_tokens_details")
                                        .path("reasoning_tokens")
                                        .asLong(),
                        counts.answerUsd() + cost.path("answer").asDouble(),
                        counts.checkUsd() + cost.path("check").asDouble());
    }

    private static boolean isLeftOut(ObjectNode line) {
        String code = line.path("error").path("code").asText();
        return code.equals(CODE_CANCELLED) || code.equals(CODE_EXPIRED);
    }

    private static boolean isFlagged(JsonNode assay) {
        return assay.path("outcome").asText().equals("flagged");
    }
}
