package dev.assay.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.avro.CostRecord;
import dev.assay.avro.FailedPrompt;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class KeptRepliesTest {

    private static final int MIB = 1 << 20;

    @Test
    void largeResultsAreKeptOnlyAsFarAsTheirBytesAllow() {
        KeptReplies kept = new KeptReplies(16 * MIB);

        for (int number = 0; number < 100; number++) {
            kept.keep(reply("p" + number, 4 * MIB));
        }

        assertThat(kept.count()).isBetween(1L, 4L);
    }

    @Test
    void smallResultsAreKeptOnlyAsFarAsTheirNumberAllows() {
        KeptReplies kept = new KeptReplies(64 * MIB);

        for (int number = 0; number < 2 * KeptReplies.MOST; number++) {
            kept.keep(reply("p" + number, 100));
        }

        assertThat(kept.count()).isBetween(9_900L, (long) KeptReplies.MOST);
    }

    @Test
    void resultIsFoundById() {
        KeptReplies kept = new KeptReplies(KeptReplies.usualBytes());
        Reply.Owned reply = reply("p1", 100);

        kept.keep(reply);

        assertThat(kept.find("p1")).contains(reply);
        assertThat(kept.find("p2")).isEmpty();
    }

    private static Reply.Owned reply(String id, int bytes) {
        FailedPrompt failed =
                FailedPrompt.newBuilder()
                        .setId(id)
                        .setCode("timeout")
                        .setMessage("it took too long")
                        .setTopic("prompts")
                        .setPartition(0)
                        .setOffset(0)
                        .setCostUsd(new CostRecord(0.0, 0.0, 0.0, 0.0))
                        .build();
        return new Reply.Owned(id, Optional.empty(), new Reply.Failed(failed), bytes);
    }
}
