package dev.assay.local;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/// What a broker that was killed leaves behind: its cluster still takes it for alive.
///
/// A new broker that starts meanwhile leads the partitions in its place, loses them when the old
/// session ends, and gets them back. Transactions that were being completed at the kill and are
/// retried in between are taken for those of deleted topics: their markers are never written, and
/// whoever reads committed records waits for ever. Source: KAFKA-20734, which Kafka 4.3 and 4.4
/// have. So the controller starts alone first, until it has given up the old broker.
final class Predecessor {

    private static final Logger LOG = LoggerFactory.getLogger(Predecessor.class);

    /// Written by a broker that ends in order, removed by one that starts.
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    /// Documented metrics of the controller, which runs in this JVM.
    private static final String METRIC = "kafka.controller:type=KafkaController,name=";

    private static final String ACTIVE = "ActiveControllerCount";
    private static final String FENCED = "FencedBrokerCount";

    private static final Duration TO_BECOME_ACTIVE = Duration.ofSeconds(60);

    /// Twice the session: one that was killed before it had a session is never given up.
    private static final Duration TO_GIVE_UP = BrokerSettings.SESSION.multipliedBy(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private Predecessor() {}

    /// True where the data are those of a broker that did not end in order.
    static boolean wasKilled(Path data) {
        return Files.exists(data.resolve("meta.properties"))
                && Files.notExists(data.resolve(CLEAN_SHUTDOWN));
    }

    /// Waits until the controller has given up the broker that was killed, which it does when the
    /// session of that broker ends.
    ///
    /// @param settings those of the broker that is to start
    static void giveUp(Map<String, String> settings) {
        KafkaRaftServer controller =
                new KafkaRaftServer(new KafkaConfig(controllerAlone(settings), false), Time.SYSTEM);
        try {
            controller.startup();
            boolean given = await(ACTIVE, TO_BECOME_ACTIVE) && await(FENCED, TO_GIVE_UP);
            LOG.debug("the broker that was killed {} given up", given ? "is" : "was not");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("interrupted while the broker was starting", e);
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
        }
    }

    private static Map<String, String> controllerAlone(Map<String, String> settings) {
        Map<String, String> alone = new HashMap<>(settings);
        alone.put("process.roles", "controller");
        alone.put("listeners", onlyController(settings.getOrDefault("listeners", "")));
        alone.remove("inter.broker.listener.name");
        return alone;
    }

    private static String onlyController(String listeners) {
        return List.of(listeners.split(",")).stream()
                .filter(listener -> listener.startsWith("CONTROLLER:"))
                .findFirst()
                .orElseThrow();
    }

    /// Waits for a count to be more than 0.
    private static boolean await(String metric, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (count(metric) == 0) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(LOOK_AGAIN);
        }
        return true;
    }

    /// 0 while it is not known.
    private static int count(String metric) {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            return beans.getAttribute(new ObjectName(METRIC + metric), "Value")
                            instanceof Number number
                    ? number.intValue()
                    : 0;
        } catch (JMException e) {
            return 0;
        }
    }
}
