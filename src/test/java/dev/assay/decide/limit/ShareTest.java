package dev.assay.decide.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

class ShareTest {

    @ParameterizedTest
    @CsvSource({"12, 12", "13, 12", "100, 12", "1000000000, 1000", "7, 1", "64, 3"})
    void sharesOfAllInstancesAddUpToTheLimit(int limit, int partitions) {
        Random random = new Random(limit);
        List<Set<Integer>> instances = new ArrayList<>();
        for (int instance = 0; instance < 3; instance++) {
            instances.add(new HashSet<>());
        }
        for (int partition = 0; partition < partitions; partition++) {
            instances.get(random.nextInt(3)).add(partition);
        }

        int sum =
                instances.stream().mapToInt(owned -> new Share(partitions, owned).of(limit)).sum();

        assertThat(sum).isEqualTo(limit);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 11})
    void limitBelowTheNumberOfPartitionsIsSharedAsARateButNotInPlaces(int limit) {
        Share share = new Share(12, Set.of(0, 1, 2));

        assertThat(share.of(limit)).isEqualTo(limit);
        assertThat(share.ofRate(limit)).isEqualTo(limit / 4.0);
    }
}
