package dev.assay.codec;

import static dev.assay.model.Samples.NOW;
import static dev.assay.model.Samples.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.GradedAnswer;
import dev.assay.model.Answer;
import dev.assay.model.Candidate;
import dev.assay.model.Grade;
import dev.assay.model.PromptSample;
import dev.assay.model.Result;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class ResultCodecTest {

    /// Tool calls come without a text.
    @ParameterizedTest
    @CsvSource({"'',", "four, four"})
    void answerIsItsTextOrNull(String text, @Nullable String answer) {
        Candidate candidate =
                Candidate.unchecked(new Answer("m", 0, completion(text), 0, Duration.ZERO));
        Result.Answered result =
                new Result.Answered(
                        new PromptSample().admitted(),
                        candidate,
                        new Grade.RulesPassed(),
                        Result.Outcome.GRADED);

        GradedAnswer record =
                ResultCodec.toRecord(result, new ProducerRecord<>("t", "v").headers(), NOW);

        assertThat(record.getAnswer()).isEqualTo(answer);
        assertThat(record.getMessage()).contains("assistant");
    }
}
