import dev.assay.local.EmbeddedBroker;
import java.util.concurrent.CountDownLatch;

/// A broker in a process of its own: prints its address, then runs until it is killed.
void main() throws InterruptedException {
    EmbeddedBroker broker = EmbeddedBroker.temporary();
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
    IO.println(broker.bootstrapServers());
    new CountDownLatch(1).await();
}
