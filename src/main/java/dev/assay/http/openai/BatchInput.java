package dev.assay.http.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;
import dev.assay.bulk.FileTrouble;
import dev.assay.bulk.InputException;
import dev.assay.bulk.InputLine;
import dev.assay.bulk.InputLines;
import dev.assay.bulk.LineSplitter;
import dev.assay.bulk.RawLine;
import dev.assay.bulk.SeenIds;
import dev.assay.codec.Json;
import dev.assay.codec.Json.UnreadableJson;
import dev.assay.codec.PromptCodec;
import dev.assay.codec.PromptCodec.Reading;
import dev.assay.http.ApiError;
import dev.assay.http.openai.Batch.LineError;
import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.RecordCoordinates;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The input file of a batch, read line by line. Source: OpenAI API reference, "The request input
/// object".
final class BatchInput implements InputLines, Closeable {

    /// A prompt may have half of what a record may.
    private static final int MAX_LINE_BYTES = 4 * 1024 * 1024 - 64 * 1024;

    private static final int MAX_ID_CHARS = 512;
    private static final int MOST_ERRORS = 100;

    private final Batch batch;
    private final ModelNames models;
    private final PromptCodec prompts = new PromptCodec(MAX_ID_CHARS);
    private final InputStream in;
    private final LineSplitter lines;

    /// A request of the file.
    ///
    /// @param number of its line, from 1
    record Request(long number, String customId, ChatRequestBody body) {}

    /// What a whole file comes to.
    ///
    /// @param model of its first line
    record Findings(long requests, Optional<String> model, List<LineError> errors) {}

    /// What is wrong with one line.
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        private final String code;
        private final transient Optional<String> param;

        Wrong(String code, String message, String param) {
            super(message, null, false, false);
            this.code = code;
            this.param = param.isEmpty() ? Optional.empty() : Optional.of(param);
        }
    }

    private BatchInput(Batch batch, ModelNames models, InputStream in) {
        this.batch = batch;
        this.models = models;
        this.in = in;
        this.lines = new LineSplitter(in, MAX_LINE_BYTES);
    }

    static BatchInput open(Batch batch, ModelNames models, Path content) throws IOException {
        return new BatchInput(batch, models, Files.newInputStream(content));
    }

    /// Reads the file through.
    ///
    /// @param most requests it may have
    Findings check(int most) throws IOException {
        List<LineError> errors = new ArrayList<>();
        SeenIds seen = new SeenIds();
        Optional<String> model = Optional.empty();
        long requests = 0;
        for (Optional<RawLine> line = lines.next(); line.isPresent(); line = lines.next()) {
            if (blank(line.get())) {
                continue;
            }
            requests++;
            long number = line.get().number();
            try {
                Request request = request(line.get());
                model = model.or(() -> Optional.of(request.body().model()));
                OptionalLong earlier = seen.add(request.customId(), number);
                if (earlier.isPresent()) {
                    throw new Wrong(
                            "duplicate_custom_id",
                            "The custom_id of this line is that of line %d; give every request one of its own."
                                    .formatted(earlier.getAsLong()),
                            "custom_id");
                }
            } catch (Wrong e) {
                if (errors.size() < MOST_ERRORS) {
                    errors.add(
                            new LineError(
                                    e.code,
                                    String.valueOf(e.getMessage()),
                                    Optional.of(number),
                                    e.param));
                }
            }
        }
        if (requests == 0) {
            errors.add(ofFile("empty_file", "The input file holds no request."));
        }
        if (requests > most) {
            errors.add(
                    ofFile(
                            "too_many_requests",
                            "The input file holds %,d requests, more than the %,d that api.batch_lines allows."
                                    .formatted(requests, most)));
        }
        return new Findings(requests, model, errors);
    }

    /// The next line of a file that was checked.
    @Override
    public Optional<InputLine> next() throws InputException {
        Optional<Request> request = nextRequest();
        return request.isPresent() ? Optional.of(prompt(request.get())) : Optional.empty();
    }

    /// The custom id of a line that is still to come.
    Optional<String> customId(long number) throws InputException {
        Optional<Request> request = nextRequest();
        while (request.isPresent() && request.get().number() < number) {
            request = nextRequest();
        }
        return request.map(Request::customId);
    }

    private Optional<Request> nextRequest() throws InputException {
        try {
            Optional<RawLine> line = lines.next();
            while (line.isPresent() && blank(line.get())) {
                line = lines.next();
            }
            return line.isPresent() ? Optional.of(request(line.get())) : Optional.empty();
        } catch (IOException e) {
            throw new InputException(
                    "the input of %s cannot be read: %s"
                            .formatted(batch.id(), FileTrouble.reason(e)),
                    e);
        } catch (Wrong e) {
            throw new InputException(
                    "the input of %s has changed since it was checked".formatted(batch.id()), e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /// What the pipeline would refuse as it comes in is refused here already, where the custom id
    /// is known.
    private InputLine prompt(Request request) {
        PromptEvent event =
                request.body()
                        .prompt(batch.id() + "/" + request.number(), batch.tenant())
                        .setPriority(Priority.BULK)
                        .setCustomId(request.customId())
                        .build();
        RecordCoordinates nowhere = new RecordCoordinates("input", 0, request.number());
        return switch (prompts.read(event, nowhere, Instant.EPOCH, Instant.EPOCH)) {
            case Reading.Valid _ -> new InputLine.Valid(request.number(), event);
            case Reading.Invalid invalid ->
                    new InputLine.Invalid(
                            request.number(),
                            event.getId(),
                            Optional.of(request.customId()),
                            new Failure(FailureCode.INVALID_INPUT, invalid.reason()));
        };
    }

    private Request request(RawLine line) throws Wrong {
        ObjectNode json = json(line);
        JsonNode customId = json.path("custom_id");
        if (!customId.isTextual() || customId.textValue().isBlank()) {
            throw new Wrong(
                    "missing_required_parameter", "The request has no custom_id.", "custom_id");
        }
        if (customId.textValue().length() > MAX_ID_CHARS) {
            throw new Wrong(
                    "invalid_custom_id",
                    "The custom_id has more than %d characters.".formatted(MAX_ID_CHARS),
                    "custom_id");
        }
        if (!"POST".equals(json.path("method").textValue())) {
            throw new Wrong("invalid_method", "The method of a request must be POST.", "method");
        }
        if (!batch.endpoint().equals(json.path("url").textValue())) {
            throw new Wrong(
                    "invalid_url",
                    "The url of this request is not the endpoint of the batch, %s."
                            .formatted(batch.endpoint()),
                    "url");
        }
        if (!(json.path("body") instanceof ObjectNode body)) {
            throw new Wrong("missing_required_parameter", "The request has no body.", "body");
        }
        try {
            ChatRequestBody request = ChatRequestBody.of(body);
            request.requireKnown(models);
            return new Request(line.number(), customId.textValue(), request);
        } catch (ApiError e) {
            throw new Wrong(
                    e.code().orElse("invalid_request"), String.valueOf(e.getMessage()), "body");
        }
    }

    private static ObjectNode json(RawLine line) throws Wrong {
        if (!(line instanceof RawLine.Whole whole)) {
            throw new Wrong(
                    "line_too_long",
                    "This line has more than %,d bytes.".formatted(MAX_LINE_BYTES),
                    "");
        }
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(whole.bytes()))
                            .toString();
            return Json.object(text);
        } catch (CharacterCodingException e) {
            throw new Wrong("invalid_json_line", "This line is not UTF-8.", "");
        } catch (UnreadableJson e) {
            throw new Wrong(
                    "invalid_json_line",
                    "This line is not parseable as valid JSON: "
                            + String.valueOf(e.getMessage())
                                    .replace("at line 1, column", "at column"),
                    "");
        }
    }

    private static boolean blank(RawLine line) {
        return line instanceof RawLine.Whole whole && whole.blank();
    }

    private static LineError ofFile(String code, String message) {
        return new LineError(code, message, Optional.empty(), Optional.empty());
    }
}
