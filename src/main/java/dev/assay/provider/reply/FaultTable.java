package dev.assay.provider.reply;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/// From the words of an error's body, and then from its status, to what it comes down to.
///
/// Codes say more than messages, messages more than types, and types more than the status: Gemini
/// sends a bad key as 400 and OpenAI an empty purse as 429. Messages of what no wait helps come
/// first, as they are sent with the codes of rate limits. Sources are what servers were seen to
/// send, and the providers' published references:
///
/// - OpenAI: https://platform.openai.com/docs/guides/error-codes and
///   https://developers.openai.com/api/docs/guides/spend-limits
/// - Azure: https://learn.microsoft.com/azure/ai-foundry/openai/how-to/quota
/// - Anthropic: https://docs.anthropic.com/en/api/errors and
///   https://docs.anthropic.com/en/api/rate-limits
/// - Google: https://ai.google.dev/gemini-api/docs/troubleshooting and
///   https://ai.google.dev/gemini-api/docs/billing
/// - Bedrock: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html
/// - OpenRouter: https://openrouter.ai/docs/api-reference/errors
/// - Groq: https://console.groq.com/docs/errors and https://console.groq.com/docs/spend-limits
/// - Cloudflare's 52x:
///   https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/
final class FaultTable {

    private static final String INVALID_REQUEST = "invalid_request_error";

    /// Leaves no doubt; Gemini sends it with the code of a rate limit.
    private static final int PAYMENT_REQUIRED = 402;

    /// Codes and types, in lower case, that mean one thing whatever the status is.
    private static final Map<String, Fault> WORDS =
            Map.ofEntries(
                    // OpenAI, Azure and those who keep to their words
                    entry("invalid_api_key", Fault.BAD_KEY),
                    entry("incorrect_api_key", Fault.BAD_KEY),
                    entry("invalid_authentication", Fault.BAD_KEY),
                    entry("insufficient_quota", Fault.NO_CREDIT),
                    entry("billing_hard_limit_reached", Fault.NO_CREDIT),
                    entry("billing_not_active", Fault.NO_CREDIT),
                    entry("credit_balance_exhausted", Fault.NO_CREDIT),
                    entry("organization_usage_limit_exceeded", Fault.NO_CREDIT),
                    entry("organization_spend_limit_exceeded", Fault.NO_CREDIT),
                    entry("project_spend_limit_exceeded", Fault.NO_CREDIT),
                    entry("account_deactivated", Fault.FORBIDDEN),
                    entry("unsupported_country_region_territory", Fault.FORBIDDEN),
                    entry("model_not_found", Fault.NO_SUCH_MODEL),
                    entry("deploymentnotfound", Fault.NO_SUCH_MODEL),
                    entry("context_length_exceeded", Fault.CONTEXT_TOO_LONG),
                    entry("string_above_max_length", Fault.CONTEXT_TOO_LONG),
                    entry("content_filter", Fault.CONTENT_FILTER),
                    entry("content_policy_violation", Fault.CONTENT_FILTER),
                    entry("responsibleaipolicyviolation", Fault.CONTENT_FILTER),
                    entry("invalid_prompt", Fault.CONTENT_FILTER),
                    entry("rate_limit_exceeded", Fault.RATE_LIMITED),
                    // Anthropic
                    entry("authentication_error", Fault.BAD_KEY),
                    entry("permission_error", Fault.FORBIDDEN),
                    entry("billing_error", Fault.NO_CREDIT),
                    entry("enforced_spend_limit_reached", Fault.NO_CREDIT),
                    entry("not_found_error", Fault.NO_SUCH_MODEL),
                    entry("request_too_large", Fault.TOO_LARGE),
                    entry("rate_limit_error", Fault.RATE_LIMITED),
                    entry("overloaded_error", Fault.OVERLOADED),
                    entry("timeout_error", Fault.TIMED_OUT_BEHIND),
                    // Google
                    entry("api_key_invalid", Fault.BAD_KEY),
                    entry("unauthenticated", Fault.BAD_KEY),
                    entry("permission_denied", Fault.FORBIDDEN),
                    entry("not_found", Fault.NO_SUCH_MODEL),
                    entry("resource_exhausted", Fault.RATE_LIMITED),
                    entry("unavailable", Fault.OVERLOADED),
                    entry("deadline_exceeded", Fault.TIMED_OUT_BEHIND),
                    // Others: Mistral, Groq, Together, DeepSeek, Moonshot, DashScope, llama.cpp
                    entry("invalid_model", Fault.NO_SUCH_MODEL),
                    entry("model_not_available", Fault.NO_SUCH_MODEL),
                    entry("model_decommissioned", Fault.NO_SUCH_MODEL),
                    entry("model_terms_required", Fault.FORBIDDEN),
                    entry("organization_restricted", Fault.FORBIDDEN),
                    entry("blocked_api_access", Fault.NO_CREDIT),
                    entry("insufficient_balance", Fault.NO_CREDIT),
                    entry("exceeded_current_quota_error", Fault.NO_CREDIT),
                    entry("arrearage", Fault.NO_CREDIT),
                    entry("data_inspection_failed", Fault.CONTENT_FILTER),
                    entry("exceed_context_size_error", Fault.CONTEXT_TOO_LONG),
                    entry("rate_limit_reached_error", Fault.RATE_LIMITED),
                    entry("engine_overloaded_error", Fault.OVERLOADED),
                    entry("insufficient_system_resource", Fault.OVERLOADED),
                    entry("model_not_supported", Fault.NO_SUCH_MODEL),
                    // Amazon Bedrock
                    entry("accessdeniedexception", Fault.FORBIDDEN),
                    entry("unrecognizedclientexception", Fault.BAD_KEY),
                    entry("expiredtokenexception", Fault.BAD_KEY),
                    entry("resourcenotfoundexception", Fault.NO_SUCH_MODEL),
                    entry("throttlingexception", Fault.RATE_LIMITED),
                    entry("servicequotaexceededexception", Fault.RATE_LIMITED),
                    entry("modelnotreadyexception", Fault.OVERLOADED),
                    entry("serviceunavailableexception", Fault.OVERLOADED),
                    entry("modeltimeoutexception", Fault.TIMED_OUT_BEHIND),
                    entry("modelerrorexception", Fault.SERVER_FAULT));

    /// Messages of providers whose codes say too little. They are looked at in this order.
    private static final List<Map.Entry<Pattern, Fault>> MESSAGES =
            List.of(
                    // Larger than the limit of a whole minute: waiting does not help.
                    entry(anyCase("request too large for "), Fault.TOO_LARGE),
                    entry(
                            anyCase(
                                    "credit balance is too low|used all available credits"
                                            + "|insufficient (?:balance|credits|funds)"
                                            // Anthropic, of an organization or a workspace
                                            + "|reached your specified (?:workspace )?api usage"
                                            + " limits"
                                            // Gemini
                                            + "|exceeded its monthly spending cap|prepayment"
                                            + " credits are depleted|free tier is not available in"
                                            + " your country"
                                            // Fireworks
                                            + "|reaching the monthly spending limit"),
                            Fault.NO_CREDIT),
                    // Anthropic and Gemini
                    entry(
                            anyCase(
                                    "organization has been disabled"
                                            + "|user location is not supported"),
                            Fault.FORBIDDEN),
                    entry(
                            anyCase("api key not valid|(?:invalid|incorrect) api key"),
                            Fault.BAD_KEY),
                    entry(
                            anyCase("is not a valid model id|model not exist|invalid model name"),
                            Fault.NO_SUCH_MODEL),
                    entry(
                            anyCase(
                                    "maximum context length|context (?:length|window|size)|prompt"
                                            + " is too long|maximum model length|exceeds the maximum"
                                            + " number of tokens|reduce the length of the"
                                            + " (?:messages|prompt)|range of input length|must have"
                                            + " less than \\d+ tokens|tokens`? must be <="),
                            Fault.CONTEXT_TOO_LONG),
                    entry(
                            anyCase(
                                    "content management policy|input was flagged|content (?:exists"
                                            + " )?risk|content polic"),
                            Fault.CONTENT_FILTER));

    /// What a message says of these holds whatever the code is.
    private static final Set<Fault> BEFORE_CODES = Set.of(Fault.TOO_LARGE, Fault.NO_CREDIT);

    private FaultTable() {}

    static Fault of(int status, ErrorBody body) {
        OptionalInt told = status < 300 ? body.numericCode() : OptionalInt.of(status);
        if (told.orElse(0) == PAYMENT_REQUIRED) {
            return Fault.NO_CREDIT;
        }
        return message(body, told)
                .filter(BEFORE_CODES::contains)
                .or(() -> word(body.words()))
                .or(() -> message(body, told))
                .orElseGet(() -> ofStatus(told.orElse(500), body));
    }

    private static Optional<Fault> word(List<String> words) {
        return words.stream()
                .map(WORDS::get)
                .flatMap(fault -> Optional.ofNullable(fault).stream())
                .findFirst();
    }

    /// Only refusals are told apart by their messages; what a broken server says does not matter.
    private static Optional<Fault> message(ErrorBody body, OptionalInt told) {
        if (told.orElse(0) >= 500) {
            return Optional.empty();
        }
        return body.message()
                .flatMap(
                        message ->
                                MESSAGES.stream()
                                        .filter(known -> known.getKey().matcher(message).find())
                                        .map(Map.Entry::getValue)
                                        .findFirst());
    }

    private static Fault ofStatus(int status, ErrorBody body) {
        return switch (status) {
            case 401 -> Fault.BAD_KEY;
            case 403 -> Fault.FORBIDDEN;
            case 404 -> isAboutTheRequest(body) ? Fault.BAD_REQUEST : Fault.NO_SUCH_MODEL;
            case 405, 406, 407, 410, 415, 421, 426 -> Fault.WRONG_ADDRESS;
            case 408, 504, 524 -> Fault.TIMED_OUT_BEHIND;
            // 499: a gateway in between, or Groq, saw the call cancelled; we did not hang up.
            // 520: Cloudflare was connected, and got no reply that it understood.
            case 499, 502, 520 -> Fault.BROKEN_BEHIND;
            case 409, 425 -> Fault.TRY_LATER;
            case 413 -> Fault.TOO_LARGE;
            case 429 -> Fault.RATE_LIMITED;
            // 498: no room left in Groq's flex tier.
            case 498, 503, 529 -> Fault.OVERLOADED;
            // 424: the model behind failed (Bedrock, Groq).
            case 424 -> Fault.SERVER_FAULT;
            default -> {
                if (status < 400) {
                    yield Fault.REDIRECTED;
                }
                yield status < 500 ? Fault.BAD_REQUEST : Fault.SERVER_FAULT;
            }
        };
    }

    private static boolean isAboutTheRequest(ErrorBody body) {
        return body.words().contains(INVALID_REQUEST)
                && body.param().filter(param -> !param.equals("model")).isPresent();
    }

    private static Pattern anyCase(String pattern) {
        return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
    }
}
