package dev.assay.topology;

import dev.assay.avro.LedgerClaim;
import dev.assay.avro.LedgerGrant;
import dev.assay.codec.LedgerCodec;
import dev.assay.codec.PlaceCodec;
import dev.assay.codec.RegistryUnavailable;
import dev.assay.decide.budget.Claim;
import dev.assay.decide.budget.Purse;
import dev.assay.decide.place.PlaceClaim;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;

/// Keeps the purses of its task filled: claims what its calls will need of the budgets of the day,
/// and takes what the ledger grants. Speaks for the lanes of its instance as well, where the ledger
/// lets their places: whichever task looks first sends what is due.
final class PurseProcessor implements Processor<byte[], byte[], String, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(PurseProcessor.class);

    private final Parts parts;
    private final Deserializer<LedgerGrant> grants;
    private final Serializer<LedgerClaim> claims;
    private ProcessorContext<String, Object> context;
    private Purses purses;
    private Cancellable schedule;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    PurseProcessor(Parts parts) {
        this.parts = parts;
        this.grants = parts.serdes().ledgerGrant().deserializer();
        this.claims = parts.serdes().ledgerClaim().serializer();
    }

    @Override
    public void init(ProcessorContext<String, Object> processorContext) {
        context = processorContext;
        purses = parts.budgets().open(context.taskId().partition(), parts.random().nextLong());
        schedule =
                processorContext.schedule(
                        Purse.TICK, PunctuationType.WALL_CLOCK_TIME, _ -> claim());
    }

    @Override
    public void close() {
        // A task that is revived keeps the schedules it had.
        schedule.cancel();
        parts.budgets().close(context.taskId().partition());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        LedgerGrant grant;
        try {
            grant = grants.deserialize(parts.topics().ledgerGrants(), record.value());
            if (PlaceCodec.isOfPlaces(grant)) {
                parts.lanes().granted(PlaceCodec.fromRecord(grant));
            } else {
                purses.granted(LedgerCodec.fromRecord(grant), parts.clock().instant());
            }
        } catch (RuntimeException | StackOverflowError e) {
            RegistryUnavailable.throwIfCauseOf(e);
            LOG.warn("a record on {} is no grant and is left out", parts.topics().ledgerGrants());
        }
    }

    private void claim() {
        Instant now = parts.clock().instant();
        for (Claim claim : purses.claims(now)) {
            String key = LedgerCodec.scopeKey(claim.account().scope());
            send(key, LedgerCodec.toRecord(claim), now);
        }
        for (PlaceClaim claim : parts.lanes().claimPlaces(context.taskId().partition())) {
            send(PlaceCodec.key(claim.model()), PlaceCodec.toRecord(claim), now);
        }
    }

    private void send(String key, LedgerClaim claim, Instant now) {
        byte[] value = claims.serialize(parts.topics().ledgerRequests(), claim);
        context.forward(new Record<>(key, value, now.toEpochMilli()), Nodes.CLAIMS);
    }
}
