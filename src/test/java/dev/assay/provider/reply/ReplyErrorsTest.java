package dev.assay.provider.reply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assay.config.Secret;
import dev.assay.model.CallError;
import dev.assay.model.CallResult;
import dev.assay.model.CallResult.Answered;
import dev.assay.model.CallResult.Evidence;
import dev.assay.model.CallResult.GiveUpOnModel;
import dev.assay.model.CallResult.GiveUpOnPrompt;
import dev.assay.model.CallResult.TryAgain;
import dev.assay.model.FailureCode;
import dev.assay.provider.CallAddress;
import dev.assay.provider.http.HttpReply;
import dev.assay.provider.http.ReplyHeaders;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

class ReplyErrorsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final CallAddress ADDRESS =
            new CallAddress(
                    "small",
                    "https://api.example.com/v1/chat/completions",
                    List.of(new Secret("topsecretkey")));
    private static final ReplyErrors ERRORS = new ReplyErrors(ADDRESS);

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    OpenAI: bad key               | 401 | {"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}
                    OpenAI: no quota, as 429      | 429 | {"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}
                    OpenAI: hard limit            | 400 | {"error":{"message":"Billing hard limit has been reached","code":"billing_hard_limit_reached"}}
                    OpenAI: spend limit, as 429   | 429 | {"error":{"message":"Spend limit reached","type":"requests","code":"organization_spend_limit_exceeded"}}
                    OpenAI: project limit, as 429 | 429 | {"error":{"message":"Spend limit reached","type":"requests","code":"project_spend_limit_exceeded"}}
                    OpenAI: usage limit, as 429   | 429 | {"error":{"message":"Usage limit reached","type":"requests","code":"organization_usage_limit_exceeded"}}
                    OpenAI: no credits, as 429    | 429 | {"error":{"message":"No credits remain","type":"requests","code":"credit_balance_exhausted"}}
                    OpenAI: no such model         | 404 | {"error":{"message":"The model `x` does not exist","type":"invalid_request_error","param":"model","code":"model_not_found"}}
                    OpenAI: unknown path          | 404 | {"error":{"message":"Invalid URL (POST /v1/v1/chat/completions)","type":"invalid_request_error","param":null,"code":null}}
                    OpenAI: country               | 403 | {"error":{"code":"unsupported_country_region_territory","message":"Country not supported"}}
                    Azure: bad key                | 401 | {"error":{"code":"401","message":"Access denied due to invalid subscription key"}}
                    Azure: gateway                | 401 | {"statusCode":401,"message":"Unauthorized"}
                    Azure: no such deployment     | 404 | {"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist"}}
                    Gemini: bad key, as 400       | 400 | [{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]
                    Gemini: no such model         | 404 | [{"error":{"code":404,"message":"models/x is not found","status":"NOT_FOUND"}}]
                    Gemini: no permission         | 403 | {"error":{"code":403,"status":"PERMISSION_DENIED"}}
                    Gemini: spending cap, as 429  | 429 | {"error":{"code":429,"message":"Your project has exceeded its monthly spending cap.","status":"RESOURCE_EXHAUSTED"}}
                    Gemini: no credits, as 429    | 429 | {"error":{"code":429,"message":"Your prepayment credits are depleted.","status":"RESOURCE_EXHAUSTED"}}
                    Gemini: no credits, as 402    | 402 | {"error":{"code":402,"message":"Add credits","status":"RESOURCE_EXHAUSTED"}}
                    Gemini: country, as 400       | 400 | [{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}]
                    Gemini: no free tier, as 400  | 400 | {"error":{"code":400,"message":"Gemini API free tier is not available in your country. Please enable billing on your project.","status":"FAILED_PRECONDITION"}}
                    Anthropic: low credit, as 400 | 400 | {"error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}}
                    Anthropic: own limit, as 400  | 400 | {"type":"error","error":{"type":"invalid_request_error","message":"You have reached your specified API usage limits. You will regain access on 2026-04-01 at 00:00 UTC."}}
                    Anthropic: workspace, as 400  | 400 | {"type":"error","error":{"type":"invalid_request_error","message":"You have reached your specified workspace API usage limits. You will regain access on 2026-04-01 at 00:00 UTC."}}
                    Anthropic: tier limit, as 429 | 429 | {"type":"error","error":{"type":"rate_limit_error","message":"You have reached your API usage limits","details":{"error_code":"enforced_spend_limit_reached"}}}
                    Anthropic: disabled, as 400   | 400 | {"type":"error","error":{"type":"invalid_request_error","message":"This organization has been disabled."}}
                    Anthropic: bad key            | 401 | {"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}
                    Anthropic: no such model      | 404 | {"type":"error","error":{"type":"not_found_error","message":"model: x"}}
                    Anthropic: billing            | 402 | {"type":"error","error":{"type":"billing_error","message":"Your payment failed"}}
                    Anthropic: permission         | 403 | {"type":"error","error":{"type":"permission_error","message":"not allowed"}}
                    Bedrock: no access            | 403 | {"__type":"AccessDeniedException","message":"You don't have access to the model"}
                    Bedrock: bad token            | 403 | {"__type":"UnrecognizedClientException","message":"The security token is invalid"}
                    Bedrock: no such model        | 404 | {"__type":"ResourceNotFoundException","message":"Could not resolve the model"}
                    OpenRouter: credits, as 402   | 402 | {"error":{"code":402,"message":"This request requires more credits"}}
                    OpenRouter: credits, as 200   | 200 | {"error":{"code":402,"message":"Insufficient credits"}}
                    xAI: no credits, as 429       | 429 | {"code":"Some resource has been exhausted","error":"Your team 1f has either used all available credits or reached its monthly spending limit."}
                    any: no credits, as 200       | 200 | {"error":{"message":"Insufficient credits"}}
                    OpenRouter: model id, as 400  | 400 | {"error":{"message":"x/y is not a valid model ID","code":400}}
                    DeepSeek: balance             | 402 | {"error":{"message":"Insufficient Balance","type":"unknown_error","code":"invalid_request_error"}}
                    DeepSeek: no such model       | 400 | {"error":{"message":"Model Not Exist","type":"invalid_request_error"}}
                    Groq: model is gone           | 400 | {"error":{"message":"The model has been decommissioned","code":"model_decommissioned"}}
                    Groq: spend limit, as 400     | 400 | {"error":{"message":"API access is blocked","type":"invalid_request_error","code":"blocked_api_access"}}
                    Groq: restricted, as 400      | 400 | {"error":{"message":"Organization has been restricted.","type":"invalid_request_error","code":"organization_restricted"}}
                    Fireworks: suspended, as 412  | 412 | {"error":{"message":"Account x is suspended, possibly due to reaching the monthly spending limit or failure to pay past invoices.","param":null,"code":"PRECONDITION_FAILED","type":"error"}}
                    Mistral: no such model        | 400 | {"object":"error","message":"Invalid model: x","type":"invalid_model","code":"1500"}
                    vLLM: no such model           | 404 | {"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","param":null,"code":404}
                    Ollama: no such model         | 404 | {"error":{"message":"model \\"x\\" not found, try pulling it first","type":"api_error"}}
                    FastAPI: no such path         | 404 | {"detail":"Not Found"}
                    any: forbidden                | 403 | {}
                    any: payment                  | 402 |
                    any: method                   | 405 | <html><head><title>405 Not Allowed</title></head></html>
                    any: gone                     | 410 |
                    any: proxy authentication     | 407 |
                    any: moved                    | 301 |
                    any: see other                | 303 |
                    """)
    void givesUpOnTheModel(String name, int status, String body) {
        CallResult result = ERRORS.of(reply(status, body), "{}", NOW);

        assertThat(result).isInstanceOf(GiveUpOnModel.class);
        assertThat(error(result).code()).isEqualTo(FailureCode.PROVIDER_ERROR);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    You have reached your specified API usage limits. | Check the account's billing and quota.
                    This organization has been disabled.              | Check that the key may use this model.
                    """)
    void whatIsWrongWithTheAccountIsTold(String words, String advice) {
        String body =
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\""
                        + words
                        + "\"}}";

        CallResult result = ERRORS.of(reply(400, body), "{}", NOW);

        assertThat(error(result).message()).endsWith(words + " " + advice);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    OpenAI: context               | 400 | CONTEXT_TOO_LONG | {"error":{"message":"This model's maximum context length is 8192 tokens","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}
                    OpenAI: filter                | 400 | CONTENT_FILTER   | {"error":{"message":"flagged","code":"content_policy_violation"}}
                    OpenAI: unsupported parameter | 400 | INVALID_INPUT    | {"error":{"message":"Unsupported parameter: 'max_tokens'","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}
                    OpenAI: larger than a minute  | 429 | TOO_LARGE        | {"error":{"message":"Request too large for gpt-4 on tokens per min (TPM): Limit 10000, Requested 12000","type":"tokens","code":"rate_limit_exceeded"}}
                    Groq: larger than a minute    | 413 | TOO_LARGE        | {"error":{"message":"Request too large for model `x` on tokens per minute","type":"tokens","code":"rate_limit_exceeded"}}
                    Azure: filter                 | 400 | CONTENT_FILTER   | {"error":{"message":"The response was filtered","param":"prompt","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}
                    Gemini: context               | 400 | CONTEXT_TOO_LONG | {"error":{"code":400,"message":"The input token count (9) exceeds the maximum number of tokens allowed (8)","status":"INVALID_ARGUMENT"}}
                    Anthropic: context            | 400 | CONTEXT_TOO_LONG | {"error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens > 8 maximum"}}
                    Anthropic: body               | 413 | TOO_LARGE        | {"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}
                    OpenRouter: moderation        | 403 | CONTENT_FILTER   | {"error":{"code":403,"message":"x requires moderation. Your input was flagged for \\"y\\"."}}
                    DashScope: filter             | 400 | CONTENT_FILTER   | {"error":{"code":"data_inspection_failed","message":"Input data may contain inappropriate content"}}
                    llama.cpp: context            | 400 | CONTEXT_TOO_LONG | {"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}
                    vLLM: context                 | 400 | CONTEXT_TOO_LONG | {"object":"error","message":"This model's maximum context length is 4096 tokens","type":"BadRequestError","code":400}
                    TGI: context                  | 422 | CONTEXT_TOO_LONG | {"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096","error_type":"validation"}
                    any: context, as 200          | 200 | CONTEXT_TOO_LONG | {"error":"This model's maximum context length is 4096 tokens"}
                    FastAPI: validation           | 422 | INVALID_INPUT    | {"detail":[{"loc":["body","messages"],"msg":"field required","type":"value_error"}]}
                    404 about the prompt          | 404 | INVALID_INPUT    | {"error":{"message":"no recorded answer for this prompt","type":"invalid_request_error","param":"messages","code":null}}
                    any: bad request              | 400 | INVALID_INPUT    |
                    any: unprocessable            | 422 | INVALID_INPUT    | not JSON
                    any: too large                | 413 | TOO_LARGE        | <html>
                    """)
    void givesUpOnThePrompt(String name, int status, FailureCode code, String body) {
        CallResult result = ERRORS.of(reply(status, body), "{}", NOW);

        assertThat(result).isInstanceOf(GiveUpOnPrompt.class);
        assertThat(error(result).code()).isEqualTo(code);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    OpenAI: rate limit            | 429 | PROVIDER_ERROR | RATE_LIMITED | false | {"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}
                    OpenAI: server error          | 500 | PROVIDER_ERROR | NONE      | false | {"error":{"message":"The server had an error","type":"server_error"}}
                    OpenAI: overload              | 503 | PROVIDER_ERROR | CONGESTED | false | {"error":{"message":"The engine is overloaded","type":"server_error"}}
                    Anthropic: overload           | 529 | PROVIDER_ERROR | CONGESTED | false | {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}
                    Gemini: quota of a minute     | 429 | PROVIDER_ERROR | RATE_LIMITED | false | {"error":{"code":429,"message":"You exceeded your current quota, please check your plan","status":"RESOURCE_EXHAUSTED"}}
                    Gemini: overload              | 503 | PROVIDER_ERROR | CONGESTED | false | [{"error":{"code":503,"message":"The model is overloaded","status":"UNAVAILABLE"}}]
                    OpenRouter: upstream, as 200  | 200 | PROVIDER_ERROR | NONE      | true  | {"error":{"code":502,"message":"Provider returned error"}}
                    OpenRouter: limit, as 200     | 200 | PROVIDER_ERROR | RATE_LIMITED | false | {"error":{"code":429,"message":"Rate limit exceeded"}}
                    OpenRouter: broke off, as 200 | 200 | PROVIDER_ERROR | NONE      | true  | {"choices":[{"message":{"content":"4"},"finish_reason":"error"}]}
                    DeepSeek: broke off, as 200   | 200 | PROVIDER_ERROR | CONGESTED | true  | {"choices":[{"message":{"content":"4"},"finish_reason":"insufficient_system_resource"}]}
                    any: error with code 200      | 200 | PROVIDER_ERROR | NONE      | true  | {"error":{"code":200,"message":"something went wrong"}}
                    any: error of unknown kind    | 200 | PROVIDER_ERROR | NONE      | true  | {"error":"something went wrong"}
                    any: request timeout          | 408 | TIMEOUT        | CONGESTED | true  |
                    any: conflict                 | 409 | PROVIDER_ERROR | NONE      | false |
                    any: too early                | 425 | PROVIDER_ERROR | NONE      | false |
                    any: rate limit               | 429 | PROVIDER_ERROR | RATE_LIMITED | false | slow down
                    any: bad gateway              | 502 | PROVIDER_ERROR | NONE      | true  | <html><title>502 Bad Gateway</title></html>
                    any: gateway timeout          | 504 | TIMEOUT        | CONGESTED | true  |
                    Groq: flex tier is full       | 498 | PROVIDER_ERROR | CONGESTED | false | {"error":{"message":"Flex tier capacity exceeded","type":"capacity_exceeded"}}
                    Groq: cancelled               | 499 | PROVIDER_ERROR | NONE      | true  |
                    Groq: dependency              | 424 | PROVIDER_ERROR | NONE      | false | {"error":{"message":"An upstream tool failed"}}
                    Bedrock: model failed         | 424 | PROVIDER_ERROR | NONE      | false | {"__type":"ModelErrorException","message":"The model failed"}
                    Bedrock: throttled            | 429 | PROVIDER_ERROR | RATE_LIMITED | false | {"__type":"com.amazon.coral#ThrottlingException","message":"Too many requests"}
                    Bedrock: model not ready      | 429 | PROVIDER_ERROR | CONGESTED | false | {"__type":"ModelNotReadyException","message":"The model is not ready"}
                    Bedrock: model timed out      | 408 | TIMEOUT        | CONGESTED | true  | {"__type":"ModelTimeoutException","message":"took too long"}
                    Bedrock: quota of the service | 400 | PROVIDER_ERROR | RATE_LIMITED | false | {"__type":"ServiceQuotaExceededException","message":"quota"}
                    Anthropic: rate limit         | 429 | PROVIDER_ERROR | RATE_LIMITED | false | {"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}
                    Anthropic: internal           | 500 | PROVIDER_ERROR | NONE      | false | {"type":"error","error":{"type":"api_error","message":"Internal server error"}}
                    Anthropic: timeout            | 504 | TIMEOUT        | CONGESTED | true  | {"type":"error","error":{"type":"timeout_error","message":"timed out"}}
                    Azure: quota of a minute      | 429 | PROVIDER_ERROR | RATE_LIMITED | false | {"error":{"code":"429","message":"Requests have exceeded call rate limit of your current pricing tier"}}
                    Gemini: internal              | 500 | PROVIDER_ERROR | NONE      | false | {"error":{"code":500,"message":"An internal error has occurred","status":"INTERNAL"}}
                    Gemini: deadline              | 504 | TIMEOUT        | CONGESTED | true  | {"error":{"code":504,"message":"Deadline expired","status":"DEADLINE_EXCEEDED"}}
                    OpenRouter: model is down     | 502 | PROVIDER_ERROR | NONE      | true  | {"error":{"code":502,"message":"Provider returned error","metadata":{"provider_name":"x"}}}
                    vLLM: engine is dead          | 500 | PROVIDER_ERROR | NONE      | false | {"object":"error","message":"EngineDeadError","type":"InternalServerError","code":500}
                    Ollama: queue is full         | 503 | PROVIDER_ERROR | CONGESTED | false | {"error":"server busy, please try again. maximum pending requests exceeded"}
                    Cloudflare: origin refuses    | 521 | PROVIDER_ERROR | NONE      | false | error code: 521
                    Cloudflare: no connection     | 522 | PROVIDER_ERROR | NONE      | false | error code: 522
                    Cloudflare: no route          | 523 | PROVIDER_ERROR | NONE      | false | error code: 523
                    Cloudflare: unknown           | 520 | PROVIDER_ERROR | NONE      | true  | error code: 520
                    Cloudflare: timeout           | 524 | TIMEOUT        | CONGESTED | true  | error code: 524
                    server words do not matter    | 500 | PROVIDER_ERROR | NONE      | false | {"error":{"message":"context length of the worker's buffer"}}
                    """)
    void triesAgain(
            String name,
            int status,
            FailureCode code,
            Evidence evidence,
            boolean billed,
            String body) {
        CallResult result = ERRORS.of(reply(status, body), "{}", NOW);

        assertThat(result).isInstanceOf(TryAgain.class);
        TryAgain again = (TryAgain) result;
        assertThat(again.error().code()).isEqualTo(code);
        assertThat(again.evidence()).isEqualTo(evidence);
        assertThat(again.billed()).isEqualTo(billed);
        assertThat(again.retryAfter()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
                    retry-after-ms | 1500                          | PT1.5S
                    Retry-After-Ms | 0.5                           | PT0.0005S
                    retry-after    | 7                             | PT7S
                    retry-after    | 0.25                          | PT0.25S
                    retry-after    | -3                            | PT0S
                    retry-after    | 1e300                         | PT24H
                    Retry-After    | Mon, 23 Nov 2026 12:00:30 GMT | PT30S
                    Retry-After    | Mon, 23 Nov 2026 11:00:00 GMT | PT0S
                    Retry-After    | Sun, 23 Nov 2036 11:00:00 GMT | PT24H
                    retry-after    | soon                          | -
                    retry-after    | NaN                           | -
                    retry-after-ms | later                         | -
                    """)
    void takesTheProvidersOwnWait(String header, String value, Duration expected) {
        CallResult result =
                ERRORS.of(new HttpReply(503, ReplyHeaders.of(header, value), ""), "{}", NOW);

        assertThat(((TryAgain) result).retryAfter()).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void theWaitInMillisecondsIsTheMoreExact() {
        ReplyHeaders headers = ReplyHeaders.of("retry-after", "2", "retry-after-ms", "1200");

        CallResult result = ERRORS.of(new HttpReply(429, headers, ""), "{}", NOW);

        assertThat(((TryAgain) result).retryAfter()).hasValue(Duration.ofMillis(1200));
    }

    @Test
    void takesTheWaitFromGooglesBody() {
        String body =
                "[{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"details\":["
                        + "{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\"},"
                        + "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"34.5s\"}]}}]";

        CallResult result = ERRORS.of(reply(429, body), "{}", NOW);

        assertThat(((TryAgain) result).retryAfter()).hasValue(Duration.ofMillis(34_500));
    }

    @ParameterizedTest
    @CsvSource({"6m0s, PT6M", "1s, PT1S", "20ms, PT0.02S", "1h2m3.5s, PT1H2M3.5S"})
    void noRequestsRemainingIsExhaustionUntilTheReset(String reset, Duration expected) {
        ReplyHeaders headers =
                ReplyHeaders.of(
                        "x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", reset);

        CallResult result = ERRORS.of(new HttpReply(429, headers, ""), "{}", NOW);

        assertThat(((TryAgain) result).evidence()).isEqualTo(Evidence.EXHAUSTED);
        assertThat(((TryAgain) result).retryAfter()).hasValue(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    OpenRouter, ms since 1970 | X-RateLimit-Remaining                       | X-RateLimit-Reset                       | 1795435230000        | PT30S
                    seconds since 1970        | X-RateLimit-Remaining                       | X-RateLimit-Reset                       | 1795435230           | PT30S
                    Azure, seconds            | x-ratelimit-remaining-requests              | x-ratelimit-reset-requests              | 12                   | PT12S
                    Azure, tokens             | x-ratelimit-remaining-tokens                | x-ratelimit-reset-tokens                | 0.5                  | PT0.5S
                    Anthropic, requests       | anthropic-ratelimit-requests-remaining      | anthropic-ratelimit-requests-reset      | 2026-11-23T12:00:07Z | PT7S
                    Anthropic, tokens         | anthropic-ratelimit-tokens-remaining        | anthropic-ratelimit-tokens-reset        | 2026-11-23T12:00:08Z | PT8S
                    Anthropic, input          | anthropic-ratelimit-input-tokens-remaining  | anthropic-ratelimit-input-tokens-reset  | 2026-11-23T12:01:00Z | PT1M
                    Anthropic, output, past   | anthropic-ratelimit-output-tokens-remaining | anthropic-ratelimit-output-tokens-reset | 2026-11-23T11:01:00Z | PT0S
                    """)
    void nothingRemainingIsExhaustionHoweverTheResetIsWritten(
            String name, String remaining, String reset, String value, Duration expected) {
        ReplyHeaders headers = ReplyHeaders.of(remaining, "0", reset, value);

        CallResult result = ERRORS.of(new HttpReply(429, headers, ""), "{}", NOW);

        assertThat(((TryAgain) result).evidence()).isEqualTo(Evidence.EXHAUSTED);
        assertThat(((TryAgain) result).retryAfter()).hasValue(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1s, 9, 5s, PT1S",
        "0, 1s, 0, 5s, PT5S",
        "0, 9s, 0, 5s, PT9S",
        "0, x, 0, 5s, PT5S"
    })
    void noTokensRemainingIsExhaustionUntilTheLatestReset(
            String tokens, String reset, String requests, String requestsReset, Duration expected) {
        ReplyHeaders headers =
                ReplyHeaders.of(
                        "x-ratelimit-remaining-tokens",
                        tokens,
                        "x-ratelimit-reset-tokens",
                        reset,
                        "x-ratelimit-remaining-requests",
                        requests,
                        "x-ratelimit-reset-requests",
                        requestsReset);

        CallResult result = ERRORS.of(new HttpReply(429, headers, ""), "{}", NOW);

        assertThat(((TryAgain) result).evidence()).isEqualTo(Evidence.EXHAUSTED);
        assertThat(((TryAgain) result).retryAfter()).hasValue(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "1x", "s", "1.2.3", "1s!"})
    void aResetThatCannotBeReadIsNoWait(String reset) {
        ReplyHeaders headers =
                ReplyHeaders.of(
                        "x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", reset);

        CallResult result = ERRORS.of(new HttpReply(429, headers, ""), "{}", NOW);

        assertThat(((TryAgain) result).retryAfter()).isEmpty();
    }

    @Test
    void noRequestsRemainingWithoutA429IsNoExhaustion() {
        ReplyHeaders headers = ReplyHeaders.of("x-ratelimit-remaining-requests", "0");

        CallResult result = ERRORS.of(new HttpReply(503, headers, ""), "{}", NOW);

        assertThat(((TryAgain) result).evidence()).isEqualTo(Evidence.CONGESTED);
    }

    @Test
    void theMessageSaysWhatWhereAndWhatToDo() {
        String body =
                "{\"error\":{\"message\":\"Rate limit"
                        + " reached.\",\"code\":\"rate_limit_exceeded\"}}";

        CallResult result = ERRORS.of(reply(429, body), "{}", NOW);

        assertThat(error(result).message())
                .isEqualTo(
                        "model \"small\" at https://api.example.com/v1/chat/completions answered"
                                + " HTTP 429: Rate limit reached. Set limits for this model"
                                + " if this persists.");
    }

    @Test
    void theProvidersWordsAreOneBoundedLineWithoutKeys() {
        String words = "Bad\\n\\tkey: topsecretkey or sk-proj-abc***wxyz. " + "x".repeat(1000);

        CallResult result =
                ERRORS.of(reply(401, "{\"error\":{\"message\":\"" + words + "\"}}"), "{}", NOW);

        assertThat(error(result).message())
                .contains("Bad key: *** or ***")
                .contains("… Check api_key.")
                .doesNotContain("topsecretkey", "sk-proj", "wxyz", "\n")
                .hasSizeLessThan(500);
    }

    @Test
    void ofAPageTheTitleIsEnough() {
        CallResult result =
                ERRORS.of(reply(502, "<html><head><title> 502 Bad Gateway </title>…"), "{}", NOW);

        assertThat(error(result).message()).contains("an HTML page, \"502 Bad Gateway\"");
    }

    @Test
    @Timeout(value = 5, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aHugePageCostsLittle() {
        CallResult result = ERRORS.of(reply(502, "<title".repeat(200_000)), "{}", NOW);

        assertThat(error(result).message()).contains("an HTML page");
    }

    @Test
    void aRedirectNamesTheHostAndNoMore() {
        ReplyHeaders headers =
                ReplyHeaders.of("Location", "https://login.example.org/sso?token=abcdefgh");

        CallResult result = ERRORS.of(new HttpReply(302, headers, ""), "{}", NOW);

        assertThat(error(result).message())
                .contains("answered HTTP 302 to login.example.org.", "base_url")
                .doesNotContain("abcdefgh");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "://", "/elsewhere", "ht tp://x"})
    void aRedirectToNowhereIsStillAnError(String location) {
        CallResult result =
                ERRORS.of(new HttpReply(302, ReplyHeaders.of("Location", location), ""), "{}", NOW);

        assertThat(result).isInstanceOf(GiveUpOnModel.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7",
                "[]",
                "[null]",
                "{\"error\":[]}",
                "{\"error\":7}",
                "{\"error\":{\"code\":{}}}",
                "{\"errors\":[]}",
                "{\"detail\":[[]]}",
                "{\"choices\":7}",
                "{",
                "\u0000"
            })
    void anyBodyIsUnderstoodByItsStatus(String body) {
        assertThat(ERRORS.of(reply(429, body), "{}", NOW)).isInstanceOf(TryAgain.class);
        assertThat(ERRORS.of(reply(401, body), "{}", NOW)).isInstanceOf(GiveUpOnModel.class);
        assertThat(ERRORS.of(reply(400, body), "{}", NOW)).isInstanceOf(GiveUpOnPrompt.class);
    }

    private static HttpReply reply(int status, String body) {
        return new HttpReply(status, ReplyHeaders.NONE, body == null ? "" : body);
    }

    private static CallError error(CallResult result) {
        return switch (result) {
            case Answered answered -> throw new AssertionError("answered: " + answered);
            case TryAgain failed -> failed.error();
            case GiveUpOnModel failed -> failed.error();
            case GiveUpOnPrompt failed -> failed.error();
        };
    }
}
