package dev.assay.topology;

/// The pipeline cannot run; the message says why and what to do, for the user.
public final class PipelineException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public PipelineException(String message) {
        super(message);
    }

    public PipelineException(String message, Throwable cause) {
        super(message, cause);
    }
}
