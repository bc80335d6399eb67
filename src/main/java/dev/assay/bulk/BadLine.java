package dev.assay.bulk;

/// One line is no prompt; caught where the line was read, and becomes that prompt's failure.
public final class BadLine extends Exception {

    private static final long serialVersionUID = 1;

    private final String reason;

    /// @param reason what is wrong and what to do, without the number of the line
    BadLine(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
