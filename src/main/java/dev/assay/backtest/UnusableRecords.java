package dev.assay.backtest;

/// Records, or a policy, that cannot be backtested. The message is for the user: what, where, and
/// what to do.
public final class UnusableRecords extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UnusableRecords(String message) {
        super(message);
    }
}
