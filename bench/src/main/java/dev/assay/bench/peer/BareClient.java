package dev.assay.bench.peer;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// The limit without Kafka: the same calls, each begun as soon as another has ended. The simulator
/// counts them.
final class BareClient {

    private BareClient() {}

    /// @param args the simulator's base URL, calls in flight
    public static void main(String[] args) throws Exception {
        int inFlight = Integer.parseInt(args[1]);
        try (PeerCalls calls = new PeerCalls(args[0], inFlight);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IO.println("ready now");
            Semaphore room = new Semaphore(inFlight);
            for (int index = 0; ; index++) {
                room.acquire();
                String prompt = "Prompt number " + index + " " + "x".repeat(280);
                threads.submit(
                        () -> {
                            try {
                                return calls.resultOf(prompt);
                            } finally {
                                room.release();
                            }
                        });
            }
        }
    }
}
