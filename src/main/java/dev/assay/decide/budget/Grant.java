package dev.assay.decide.budget;

/// A ledger's reply to a claim that asked for something.
///
/// @param number of the claim
/// @param grantedNanoUsd what the purse has more by it
/// @param limitNanoUsd what the account may spend
/// @param usedNanoUsd what of it is spent or granted
public record Grant(
        Account account,
        int holder,
        long incarnation,
        long number,
        Ruling ruling,
        long grantedNanoUsd,
        long limitNanoUsd,
        long usedNanoUsd) {

    /// How a claim fared.
    public enum Ruling {
        GRANTED,
        /// It is granted already, and some of it may come back.
        LATER,
        /// What is needed is not left, and nothing can come back.
        REFUSED
    }
}
