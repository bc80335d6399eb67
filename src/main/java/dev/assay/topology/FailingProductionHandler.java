package dev.assay.topology;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;

import java.util.Map;

/// Lets a stream thread die of every record that could not be written, and so also of one that was
/// not acknowledged in time: its successor begins from what is committed.
///
/// Left to itself, Kafka Streams (4.3.1) revives the tasks of such a thread in place. It drops the
/// records that they had read ahead and seeks back, but a commit before the next read still carries
/// the old position, and where a rebalance comes in between the seek is forgotten as well: either
/// way prompts are passed by. [CommitTellingProducer] does the same for commits.
///
/// Made by Kafka Streams, from its class name; runs on stream threads and on those of producers.
public final class FailingProductionHandler implements ProductionExceptionHandler {

    @Override
    public Response handleError(
            ErrorHandlerContext context,
            ProducerRecord<byte[], byte[]> record,
            Exception exception) {
        return Response.fail();
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // There is nothing to choose.
    }
}
