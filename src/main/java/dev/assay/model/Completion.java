package dev.assay.model;

import java.util.Optional;

/// What a provider returned for one call.
///
/// @param text the text of the assistant's message; empty where it has none
/// @param messageJson the assistant's message as the provider sent it
/// @param finishReason why it ended, mapped
/// @param finishReasonText the provider's own word for it
/// @param refusal the model's explicit refusal, where it gave one
/// @param hasToolCalls the message calls tools, which is a valid answer without text
/// @param requestId the provider's id of the request
/// @param modelVersion the model that answered, in the provider's words
/// @param responseJson the provider's full response
public record Completion(
        String text,
        String messageJson,
        FinishReason finishReason,
        String finishReasonText,
        Optional<String> refusal,
        boolean hasToolCalls,
        Usage usage,
        Optional<String> requestId,
        Optional<String> modelVersion,
        String responseJson) {

    public Completion withUsage(Usage newUsage) {
        return new Completion(
                text,
                messageJson,
                finishReason,
                finishReasonText,
                refusal,
                hasToolCalls,
                newUsage,
                requestId,
                modelVersion,
                responseJson);
    }
}
