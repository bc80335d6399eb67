package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class TurnsTest {

    private final Turns<String, String> turns = new Turns<>();

    @Test
    void partiesTakeTurnsHoweverMuchOneHas() {
        List.of("a1", "a2", "a3", "a4").forEach(item -> turns.add("a", item));
        List.of("b1", "b2").forEach(item -> turns.add("b", item));
        turns.add("c", "c1");

        assertThat(takeAll()).containsExactly("a1", "b1", "c1", "a2", "b2", "a3", "a4");
    }

    @Test
    void latecomerWaitsForOneTurnOfEachOther() {
        List.of("a1", "a2", "a3").forEach(item -> turns.add("a", item));
        List.of("b1", "b2", "b3").forEach(item -> turns.add("b", item));
        take();

        turns.add("c", "c1");

        assertThat(List.of(take(), take(), take())).containsExactly("b1", "a2", "c1");
    }

    @Test
    void whatLeavesUsesNoTurn() {
        turns.add("a", "a1");
        turns.add("a", "a2");
        turns.add("b", "b1");

        turns.remove("a", "a1");

        assertThat(takeAll()).containsExactly("a2", "b1");
    }

    @Test
    void nothingIsKeptOfPartiesThatWaitNoMore() {
        for (int i = 0; i < 1_000; i++) {
            turns.add("party" + i, "item");
            turns.remove("party" + i, "item");
            turns.remove("party" + i, "item");
        }

        assertThat(turns.partyCount()).isZero();
        assertThat(turns.size()).isZero();
        assertThat(turns.next()).isEmpty();
    }

    private List<String> takeAll() {
        List<String> taken = new ArrayList<>();
        while (turns.size() > 0) {
            taken.add(take());
        }
        return taken;
    }

    private String take() {
        String item = turns.next().orElseThrow();
        turns.took(item.substring(0, 1), item);
        return item;
    }
}
