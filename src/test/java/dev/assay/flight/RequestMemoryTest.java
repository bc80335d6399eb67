package dev.assay.flight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.model.Priority;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class RequestMemoryTest {

    private static final long ALL = 6_000;
    private static final Line LIVE = new Line("m", Priority.INTERACTIVE);
    private static final Line BULK = new Line("m", Priority.BULK);
    private static final Line OTHER = new Line("n", Priority.BULK);

    private final RequestMemory memory = new RequestMemory(ALL);

    @Test
    void oneAloneTakesHalf() {
        assertThat(taken(BULK)).isEqualTo(ALL / 2);
    }

    @Test
    void whatOneHoldsForEverLeavesSomeToOthers() {
        taken(BULK);

        assertThat(taken(LIVE)).isEqualTo(ALL / 4);
        assertThat(taken(OTHER)).isEqualTo(ALL / 8);
    }

    @Test
    void thoseThatStartTogetherGetEqualParts() {
        Map<Line, Long> taken = new HashMap<>();
        for (boolean goesOn = true; goesOn; ) {
            goesOn = false;
            for (Line line : List.of(LIVE, BULK, OTHER)) {
                if (memory.hasRoom(line)) {
                    memory.take(line, 1);
                    taken.merge(line, 1L, Long::sum);
                    goesOn = true;
                }
            }
        }

        assertThat(taken).hasSize(3).allSatisfy((_, bytes) -> assertThat(bytes).isEqualTo(ALL / 4));
    }

    @Test
    void largeRequestStartsWhereASmallOneWould() {
        memory.take(LIVE, ALL - 2);

        assertThat(memory.hasRoom(BULK)).isTrue();
        memory.take(BULK, 2 * ALL);

        assertThat(memory.hasRoom(OTHER)).isFalse();
        memory.giveBack(BULK, 2 * ALL);
        assertThat(memory.hasRoom(OTHER)).isTrue();
    }

    private long taken(Line line) {
        long taken = 0;
        while (memory.hasRoom(line)) {
            memory.take(line, 1);
            taken++;
        }
        return taken;
    }
}
