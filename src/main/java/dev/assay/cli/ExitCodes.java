package dev.assay.cli;

/// What commands end with.
final class ExitCodes {

    static final int DONE = 0;

    /// It could not run, or broke.
    static final int BROKE = 1;

    /// Bad usage, topology file or input.
    static final int BAD_INPUT = 2;

    /// It is done, but some prompts failed.
    static final int SOME_FAILED = 3;

    private ExitCodes() {}
}
