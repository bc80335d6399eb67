/// Places for calls in flight of a model whose limit is smaller than the number of partitions, so
/// that partitions cannot carry it: one ledger lets each instance have some of them for a while.
///
/// An instance says how many it keeps and how many it wants; the ledger never counts more than the
/// limit. Whatever it may have let somebody have counts until that instance says otherwise, or has
/// been silent for so long that no call of it can still be under way: so no crash, move or delay
/// can carry the calls of all instances past the limit.
@NullMarked
package dev.assay.decide.place;

import org.jspecify.annotations.NullMarked;
