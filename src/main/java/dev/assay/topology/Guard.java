package dev.assay.topology;

import dev.assay.model.Failure;
import dev.assay.model.FailureCode;
import dev.assay.model.PromptState;
import dev.assay.model.Result;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.Function;
import java.util.function.Supplier;

/// Keeps a bug that one prompt meets from stopping all others.
///
/// What it guards must write nothing: the failure is decided before any store or topic is touched.
final class Guard {

    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    private Guard() {}

    /// What the action returns, or the prompt's failure as an internal error where it breaks.
    /// Kafka's own exceptions are not the prompt's and pass.
    static <T> T orElse(PromptState state, Supplier<T> action, Function<Result.Failed, T> failed) {
        return orElse(
                state.prompt().id(),
                action,
                failure -> failed.apply(new Result.Failed(state, failure)));
    }

    /// The same for what has an id, but need not be a prompt.
    static <T> T orElse(String id, Supplier<T> action, Function<Failure, T> failed) {
        try {
            return action.get();
        } catch (RuntimeException | StackOverflowError e) {
            if (e instanceof KafkaException kafka && !isOfTheValue(kafka)) {
                throw kafka;
            }
            LOG.error("prompt {} broke the pipeline's own code", id, e);
            String message =
                    "handling it failed inside ("
                            + e.getClass().getSimpleName()
                            + "); the log has more";
            return failed.apply(new Failure(FailureCode.INTERNAL_ERROR, message));
        }
    }

    /// Confluent's serializer wraps what a value makes Avro throw as well as a registry that is
    /// away, which is an [java.io.IOException].
    private static boolean isOfTheValue(KafkaException e) {
        return e instanceof SerializationException
                && e.getCause() instanceof RuntimeException cause
                && !(cause instanceof KafkaException);
    }
}
