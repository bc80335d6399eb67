/// Budgets of a day that hold over all instances: what one ledger keeps of an account, and what
/// each partition's purse may spend of it without asking.
///
/// A partition claims an amount before it is needed; the ledger grants no more than is left. What a
/// purse has when its owner dies is lost, and stays counted as spent: so no crash, move or delay
/// can carry an account past its limit.
@NullMarked
package dev.assay.decide.budget;

import org.jspecify.annotations.NullMarked;
