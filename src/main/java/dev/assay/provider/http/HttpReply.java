package dev.assay.provider.http;

/// A reply that arrived.
///
/// @param body as text; empty where an error's body could not be read, since its status says enough
public record HttpReply(int status, ReplyHeaders headers, String body) {

    private static final int FIRST_SUCCESS = 200;
    private static final int FIRST_REDIRECT = 300;

    public boolean isSuccess() {
        return status >= FIRST_SUCCESS && status < FIRST_REDIRECT;
    }
}
