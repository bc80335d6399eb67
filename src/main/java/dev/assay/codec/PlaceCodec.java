package dev.assay.codec;

import dev.assay.avro.LedgerClaim;
import dev.assay.avro.LedgerGrant;
import dev.assay.avro.LedgerPlaceLease;
import dev.assay.avro.LedgerPlaces;
import dev.assay.decide.place.PlaceBook;
import dev.assay.decide.place.PlaceClaim;
import dev.assay.decide.place.PlaceGrant;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Places in flight as they stand on the ledger's topics and in its store, beside budgets.
public final class PlaceCodec {

    private static final String KIND = "model";
    private static final String KEY = KIND + "/";

    private PlaceCodec() {}

    /// The key of a model's claims, and of its book in the ledger's store.
    public static String key(String model) {
        return KEY + model;
    }

    /// The model of a key from [#key]; empty where it is another key of the ledger's store.
    public static Optional<String> model(String key) {
        return key.startsWith(KEY) ? Optional.of(key.substring(KEY.length())) : Optional.empty();
    }

    /// True where a claim is of places in flight.
    public static boolean isOfPlaces(LedgerClaim record) {
        return record.getKind().equals(KIND);
    }

    /// True where a grant is of places in flight.
    public static boolean isOfPlaces(LedgerGrant record) {
        return record.getKind().equals(KIND);
    }

    public static LedgerClaim toRecord(PlaceClaim claim) {
        return LedgerClaim.newBuilder()
                .setKind(KIND)
                .setName(claim.model())
                .setDay(LocalDate.EPOCH)
                .setHolder(claim.holder())
                .setIncarnation(claim.instance())
                .setNumber(claim.number())
                .setKeptPlaces(claim.kept())
                .setWantedPlaces(claim.wanted())
                .build();
    }

    public static PlaceClaim fromRecord(LedgerClaim record) {
        return new PlaceClaim(
                record.getName(),
                record.getHolder(),
                record.getIncarnation(),
                record.getNumber(),
                record.getKeptPlaces(),
                record.getWantedPlaces());
    }

    public static LedgerGrant toRecord(PlaceGrant grant) {
        return LedgerGrant.newBuilder()
                .setKind(KIND)
                .setName(grant.model())
                .setDay(LocalDate.EPOCH)
                .setHolder(grant.holder())
                .setIncarnation(grant.instance())
                .setNumber(grant.number())
                .setRuling("granted")
                .setPlaces(grant.places())
                .build();
    }

    public static PlaceGrant fromRecord(LedgerGrant record) {
        return new PlaceGrant(
                record.getName(),
                record.getHolder(),
                record.getIncarnation(),
                record.getNumber(),
                record.getPlaces());
    }

    static LedgerPlaces toRecord(PlaceBook book) {
        return LedgerPlaces.newBuilder()
                .setTurns(book.turns())
                .setLeases(
                        book.leases().entrySet().stream()
                                .map(entry -> lease(entry.getKey(), entry.getValue()))
                                .toList())
                .build();
    }

    /// Everybody in it counts as heard now.
    static PlaceBook fromRecord(LedgerPlaces record, Instant now) {
        SortedMap<Long, PlaceBook.Lease> leases = new TreeMap<>();
        for (LedgerPlaceLease lease : record.getLeases()) {
            leases.put(
                    lease.getInstance(),
                    new PlaceBook.Lease(
                            lease.getNumber(),
                            lease.getHeld(),
                            lease.getPlaces(),
                            lease.getWanted(),
                            lease.getTurn(),
                            lease.getExtra(),
                            now,
                            now));
        }
        return new PlaceBook(record.getTurns(), leases);
    }

    private static LedgerPlaceLease lease(long instance, PlaceBook.Lease lease) {
        return LedgerPlaceLease.newBuilder()
                .setInstance(instance)
                .setNumber(lease.number())
                .setHeld(lease.held())
                .setPlaces(lease.places())
                .setWanted(lease.wanted())
                .setTurn(lease.turn())
                .setExtra(lease.extra())
                .build();
    }
}
