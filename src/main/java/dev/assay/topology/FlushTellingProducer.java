package dev.assay.topology;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.util.Map;
import java.util.concurrent.Future;

/// Kafka's producer, which tells when all it was given is acknowledged. After a record that failed
/// it tells nothing any more: Kafka Streams gives up the thread.
final class FlushTellingProducer extends KafkaProducer<byte[], byte[]> {

    private final Deliveries deliveries;
    private volatile boolean failed;

    FlushTellingProducer(Map<String, Object> config, Deliveries deliveries) {
        super(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.deliveries = deliveries;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        return super.send(
                record,
                (metadata, exception) -> {
                    if (exception != null) {
                        failed = true;
                    }
                    callback.onCompletion(metadata, exception);
                });
    }

    @Override
    public void flush() {
        super.flush();
        if (!failed) {
            deliveries.flushed();
        }
    }
}
