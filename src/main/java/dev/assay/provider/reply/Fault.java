package dev.assay.provider.reply;

/// What a reply that is no answer comes down to, and what a person can do about it.
enum Fault {
    BAD_KEY("Check api_key."),
    FORBIDDEN("Check that the key may use this model."),
    NO_CREDIT("Check the account's billing and quota."),
    NO_SUCH_MODEL("Check model and base_url."),
    WRONG_ADDRESS("Check base_url."),
    REDIRECTED("Redirects are not followed; set base_url to where the API really is."),
    CONTEXT_TOO_LONG("Shorten the prompt, or route it to a model with a larger context."),
    TOO_LARGE("Shorten the prompt, or raise the account's limits."),
    CONTENT_FILTER("The provider's filter took offence; another model may take it."),
    BAD_REQUEST("Correct the request, or set drop_params, rename_params or params for this model."),
    RATE_LIMITED("Set limits for this model if this persists."),
    OVERLOADED("Try again later."),
    TIMED_OUT_BEHIND("Answers may be longer than the provider's gateway waits."),
    BROKEN_BEHIND("Try again later."),
    TRY_LATER("Try again later."),
    SERVER_FAULT("Try again later.");

    private final String advice;

    Fault(String advice) {
        this.advice = advice;
    }

    String advice() {
        return advice;
    }
}
