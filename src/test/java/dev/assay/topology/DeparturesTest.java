package dev.assay.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;

class DeparturesTest {

    private static final byte[] PROMPT = {1};

    private final KeyValueStore<String, byte[]> store =
            org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                            org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore("pending"),
                            Serdes.String(),
                            Serdes.ByteArray())
                    .withLoggingDisabled()
                    .build();
    private final Deliveries deliveries = new Deliveries(false);
    private final Departures departures = new Departures(store, deliveries);

    @BeforeEach
    void open() {
        store.init(new MockProcessorContext<String, byte[]>().getStateStoreContext(), store);
        store.put("p1", PROMPT);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void promptGoesAtOnceWithinTransactions() {
        new Departures(store, new Deliveries(true)).goes("p1");

        assertThat(store.get("p1")).isNull();
    }

    @Test
    void promptStaysInTheStoreUntilWhatItBecameIsOnTheBroker() {
        departures.goes("p1");
        departures.sweep();
        assertThat(store.get("p1")).isEqualTo(PROMPT);
        assertThat(deliveries.awaitDepartures(Duration.ZERO)).isFalse();

        deliveries.flushed();
        departures.sweep();
        assertThat(store.get("p1")).isNull();
        assertThat(deliveries.awaitDepartures(Duration.ZERO)).isTrue();
    }

    @Test
    void flushBeforeItWentSaysNothingOfIt() {
        deliveries.flushed();
        departures.goes("p1");

        departures.sweep();

        assertThat(store.get("p1")).isEqualTo(PROMPT);
    }

    @Test
    void promptThatCameBackStays() {
        departures.goes("p1");
        departures.stays("p1");
        deliveries.flushed();

        departures.sweep();

        assertThat(store.get("p1")).isEqualTo(PROMPT);
        assertThat(deliveries.awaitDepartures(Duration.ZERO)).isTrue();
    }

    @Test
    void closedTaskTakesNothingOutAndIsNotWaitedFor() {
        departures.goes("p1");

        departures.close();

        assertThat(store.get("p1")).isEqualTo(PROMPT);
        assertThat(deliveries.awaitDepartures(Duration.ZERO)).isTrue();
    }
}
