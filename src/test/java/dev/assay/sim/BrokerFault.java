package dev.assay.sim;

import org.apache.kafka.common.KafkaException;

/// A broker that fails a producer for a reason of its own; the stream thread dies of it.
final class BrokerFault extends KafkaException {

    private static final long serialVersionUID = 1;

    BrokerFault(String what) {
        super("the broker " + what);
    }

    /// Whether this is what a thread died of.
    static boolean isCauseOf(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof BrokerFault) {
                return true;
            }
        }
        return false;
    }
}
