package dev.assay.sim;

/// The process is killed at this very point. An error, so that nobody on the way takes it for a
/// failure to handle.
final class Crash extends Error {

    private static final long serialVersionUID = 1;

    Crash(String where) {
        super("killed " + where, null, false, false);
    }
}
