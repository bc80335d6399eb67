package dev.assay.http.openai;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A batch of OpenAI's API, as it is kept on the disk.
///
/// | status | entered | left |
/// |---|---|---|
/// | validating | it is created | its file is read through once, and good or bad |
/// | in progress | its file is good | every line has its end; or it is cancelled |
/// | cancelling | its caller cancels it | every line has its end |
/// | finalizing | every line has its end | its files are there |
/// | failed, completed, expired, cancelled | the end | never |
///
/// @param tenant whose it is
/// @param model of its first line
/// @param times when it entered a status, in seconds since 1970, by the status' name in JSON
/// @param errors what is wrong with its file
/// @param since where the topics ended before anything of it was sent
/// @param keptSeconds how long its files are kept; empty for ever
/// @param outputFile empty until every line has its end, and where no line was answered
/// @param errorFile empty until every line has its end, and where no line failed
record Batch(
        String id,
        Optional<String> tenant,
        String inputFile,
        String endpoint,
        String window,
        Map<String, String> metadata,
        Optional<String> model,
        Status status,
        Map<Status, Long> times,
        long createdAtMs,
        long expiresAtMs,
        List<LineError> errors,
        Map<String, List<Long>> since,
        BatchCounts counts,
        Optional<Long> keptSeconds,
        Optional<String> outputFile,
        Optional<String> errorFile) {

    Batch {
        metadata = Map.copyOf(metadata);
        times = Map.copyOf(times);
        errors = List.copyOf(errors);
    }

    /// How far it is.
    enum Status {
        VALIDATING,
        FAILED,
        IN_PROGRESS,
        FINALIZING,
        COMPLETED,
        EXPIRED,
        CANCELLING,
        CANCELLED;

        boolean ended() {
            return switch (this) {
                case VALIDATING, IN_PROGRESS, FINALIZING, CANCELLING -> false;
                case FAILED, COMPLETED, EXPIRED, CANCELLED -> true;
            };
        }
    }

    /// What is wrong with a line of the file, or with all of it.
    ///
    /// @param line from 1; empty where it is the file
    /// @param param the field at fault
    record LineError(String code, String message, Optional<Long> line, Optional<String> param) {}

    Batch entered(Status newStatus, long nowMs) {
        Map<Status, Long> newTimes = new EnumMap<>(Status.class);
        newTimes.putAll(times);
        newTimes.put(newStatus, nowMs / 1_000);
        return with(newStatus, newTimes, errors, since, counts, outputFile, errorFile, model);
    }

    /// Every line has its end, in these files.
    Batch collected(Optional<String> output, Optional<String> error, long nowMs) {
        Batch named = with(status, times, errors, since, counts, output, error, model);
        return status == Status.IN_PROGRESS ? named.entered(Status.FINALIZING, nowMs) : named;
    }

    /// True once every line has its end.
    boolean collected() {
        return outputFile.isPresent() || errorFile.isPresent();
    }

    Batch withErrors(List<LineError> newErrors) {
        return with(status, times, newErrors, since, counts, outputFile, errorFile, model);
    }

    Batch begun(Optional<String> newModel, Map<String, List<Long>> newSince, long lines) {
        return with(
                status,
                times,
                errors,
                newSince,
                BatchCounts.of(lines),
                outputFile,
                errorFile,
                newModel);
    }

    Batch withCounts(BatchCounts newCounts) {
        return with(status, times, errors, since, newCounts, outputFile, errorFile, model);
    }

    private Batch with(
            Status newStatus,
            Map<Status, Long> newTimes,
            List<LineError> newErrors,
            Map<String, List<Long>> newSince,
            BatchCounts newCounts,
            Optional<String> newOutput,
            Optional<String> newError,
            Optional<String> newModel) {
        return new Batch(
                id,
                tenant,
                inputFile,
                endpoint,
                window,
                metadata,
                newModel,
                newStatus,
                newTimes,
                createdAtMs,
                expiresAtMs,
                newErrors,
                newSince,
                newCounts,
                keptSeconds,
                newOutput,
                newError);
    }
}
