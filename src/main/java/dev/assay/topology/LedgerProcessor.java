package dev.assay.topology;

import dev.assay.avro.LedgerClaim;
import dev.assay.avro.LedgerGrant;
import dev.assay.codec.LedgerCodec;
import dev.assay.codec.PlaceCodec;
import dev.assay.codec.RegistryUnavailable;
import dev.assay.codec.StoreCodec;
import dev.assay.decide.budget.Account;
import dev.assay.decide.budget.Book;
import dev.assay.decide.budget.BudgetScope;
import dev.assay.decide.budget.Claim;
import dev.assay.decide.budget.Grant;
import dev.assay.decide.budget.NanoUsd;
import dev.assay.decide.place.PlaceClaim;

import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/// Keeps the books of the budgets of the day, and grants the purses of all partitions no more than
/// is left; and those of places in flight. One task keeps all days of a scope, and one the places
/// of a model.
final class LedgerProcessor implements Processor<byte[], byte[], Integer, byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerProcessor.class);

    private static final Duration CLEAN = Duration.ofMinutes(10);

    /// A day that has been over for so long is settled.
    private static final Duration KEPT = Duration.ofDays(2);

    private final Parts parts;
    private final Deserializer<LedgerClaim> claims;
    private final Serializer<LedgerGrant> grants;
    private final Set<BudgetScope> shown = new HashSet<>();

    /// Accounts whose end was told; each is told once.
    private final Set<Account> warned = new HashSet<>();

    private ProcessorContext<Integer, byte[]> context;
    private KeyValueStore<String, byte[]> store;
    private PlaceLedger places;
    private Cancellable schedule;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init() before anything else
    LedgerProcessor(Parts parts) {
        this.parts = parts;
        this.claims = parts.serdes().ledgerClaim().deserializer();
        this.grants = parts.serdes().ledgerGrant().serializer();
    }

    @Override
    public void init(ProcessorContext<Integer, byte[]> processorContext) {
        context = processorContext;
        store = processorContext.getStateStore(Stores.LEDGER);
        places = new PlaceLedger(store, parts.places(), parts.steady());
        shown.clear();
        warned.clear();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<String, byte[]> entry = all.next();
                if (!places.restored(entry)) {
                    show(LedgerCodec.account(entry.key), StoreCodec.decodeBook(entry.value));
                }
            }
        }
        schedule = processorContext.schedule(CLEAN, PunctuationType.WALL_CLOCK_TIME, _ -> clean());
    }

    @Override
    public void close() {
        // A task that is revived keeps the schedules it had.
        schedule.cancel();
        parts.budgets().forgets(shown);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Optional<PlaceClaim> ofPlaces;
        Optional<Claim> ofMoney;
        try {
            LedgerClaim claim = claims.deserialize(parts.topics().ledgerRequests(), record.value());
            boolean places = PlaceCodec.isOfPlaces(claim);
            ofPlaces = places ? Optional.of(PlaceCodec.fromRecord(claim)) : Optional.empty();
            ofMoney = places ? Optional.empty() : Optional.of(LedgerCodec.fromRecord(claim));
        } catch (RuntimeException | StackOverflowError e) {
            RegistryUnavailable.throwIfCauseOf(e);
            LOG.warn("a record on {} is no claim and is left out", parts.topics().ledgerRequests());
            return;
        }
        ofPlaces.flatMap(places::enter)
                .ifPresent(grant -> answer(grant.holder(), PlaceCodec.toRecord(grant)));
        ofMoney.ifPresent(this::enter);
    }

    private void enter(Claim claim) {
        Account account = claim.account();
        String key = LedgerCodec.key(account);
        Book book =
                Optional.ofNullable(store.get(key)).map(StoreCodec::decodeBook).orElse(Book.EMPTY);
        Book.Entry entry = book.enter(claim, limit(account.scope()), parts.clock().instant());
        store.put(key, StoreCodec.encode(entry.book()));
        show(account, entry.book());
        entry.grant().ifPresent(this::answer);
    }

    private void answer(Grant grant) {
        if (grant.ruling() == Grant.Ruling.REFUSED && warned.add(grant.account())) {
            LOG.warn(
                    "the usd_per_day of {} is used up: {} of {} USD are spent or set aside on {}; its prompts end as over_budget until {}",
                    grant.account().scope().inWords(),
                    NanoUsd.usd(grant.usedNanoUsd()),
                    NanoUsd.usd(grant.limitNanoUsd()),
                    grant.account().day(),
                    grant.account().renewsAt());
        }
        answer(grant.holder(), LedgerCodec.toRecord(grant));
    }

    private void answer(int holder, LedgerGrant grant) {
        byte[] value = grants.serialize(parts.topics().ledgerGrants(), grant);
        context.forward(new Record<>(holder, value, parts.clock().millis()));
    }

    private void show(Account account, Book book) {
        shown.add(account.scope());
        parts.budgets().keeps(account, book, limit(account.scope()));
    }

    private OptionalLong limit(BudgetScope scope) {
        OptionalDouble usd = parts.routes().usdPerDay(scope);
        return usd.isPresent()
                ? OptionalLong.of(NanoUsd.of(usd.getAsDouble()))
                : OptionalLong.empty();
    }

    private void clean() {
        Instant oldest = parts.clock().instant().minus(KEPT);
        List<String> over = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> all = store.all()) {
            all.forEachRemaining(
                    entry -> {
                        if (PlaceCodec.model(entry.key).isEmpty()
                                && LedgerCodec.account(entry.key).renewsAt().isBefore(oldest)) {
                            over.add(entry.key);
                        }
                    });
        }
        over.forEach(store::delete);
        warned.removeIf(account -> account.renewsAt().isBefore(oldest));
    }
}
