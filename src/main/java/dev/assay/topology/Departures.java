package dev.assay.topology;

import org.apache.kafka.streams.state.KeyValueStore;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Takes prompts that have gone on out of a stage's store: at once within a transaction, and
/// otherwise only when what they went on as is known to lie on the broker. A crash in between finds
/// the prompt in both places, never in none.
///
/// For the task's stream thread alone. Holds ids for one commit interval.
final class Departures {

    private final KeyValueStore<String, byte[]> store;
    private final Deliveries deliveries;

    /// Flushes of the thread's producer when the prompt went on, the longest gone first.
    private final Map<String, Long> gone = new LinkedHashMap<>();

    Departures(KeyValueStore<String, byte[]> store, Deliveries deliveries) {
        this.store = store;
        this.deliveries = deliveries;
    }

    /// The prompt goes on, on this thread and before its next flush.
    void goes(String id) {
        if (deliveries.transactional()) {
            // delete() would read the old value first, only to return it.
            store.put(id, null);
        } else {
            stays(id);
            gone.put(id, deliveries.flushes());
            deliveries.departing(1);
        }
    }

    /// The store holds the prompt anew.
    void stays(String id) {
        if (gone.remove(id) != null) {
            deliveries.departing(-1);
        }
    }

    boolean has(String id) {
        return gone.containsKey(id);
    }

    /// Takes out whatever is safe elsewhere by now.
    void sweep() {
        Iterator<Map.Entry<String, Long>> oldest = gone.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<String, Long> entry = oldest.next();
            if (entry.getValue() >= deliveries.flushes()) {
                return;
            }
            store.put(entry.getKey(), null);
            oldest.remove();
            deliveries.departing(-1);
        }
    }

    /// The task closes. What is left in the store goes on again wherever the task opens: this one
    /// may have been replaced already, and must not take away what its successor wrote.
    void close() {
        deliveries.departing(-gone.size());
        gone.clear();
    }
}
