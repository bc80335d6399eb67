package dev.assay.http.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.codec.Json;
import dev.assay.http.ApiError;

import io.javalin.http.Context;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A page of a list, by the parameters `after` and `limit`. Source: OpenAI API reference, "List
/// files" and "List batch".
final class Listing {

    private static final String JSON = "application/json";
    private static final int BAD_REQUEST = 400;

    private Listing() {}

    /// Answers with the page that is asked for.
    ///
    /// @param all in the order they are listed
    /// @param usual how many where the caller does not say
    /// @param most how many the caller may ask for
    static <T> void answer(
            Context context,
            List<T> all,
            Function<T, String> id,
            Function<T, ObjectNode> json,
            int usual,
            int most) {
        List<T> rest = all.subList(begin(context.queryParam("after"), all, id), all.size());
        List<T> page = rest.subList(0, Math.min(limit(context, usual, most), rest.size()));
        ObjectNode list = Json.MAPPER.createObjectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        page.forEach(item -> data.add(json.apply(item)));
        list.put("first_id", page.isEmpty() ? null : id.apply(page.getFirst()));
        list.put("last_id", page.isEmpty() ? null : id.apply(page.getLast()));
        list.put("has_more", page.size() < rest.size());
        context.contentType(JSON).result(Json.text(list));
    }

    private static <T> int begin(@Nullable String after, List<T> all, Function<T, String> id) {
        if (after == null) {
            return 0;
        }
        for (int i = 0; i < all.size(); i++) {
            if (id.apply(all.get(i)).equals(after)) {
                return i + 1;
            }
        }
        throw new ApiError(
                BAD_REQUEST,
                "after names nothing there is: " + after,
                Optional.empty(),
                Optional.of("after"));
    }

    private static int limit(Context context, int usual, int most) {
        String asked = context.queryParam("limit");
        if (asked == null) {
            return usual;
        }
        try {
            int limit = Integer.parseInt(asked);
            if (limit >= 1 && limit <= most) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // Refused below, as any other number that is none.
        }
        throw new ApiError(
                BAD_REQUEST,
                "limit is %s; give a number from 1 to %d".formatted(asked, most),
                Optional.empty(),
                Optional.of("limit"));
    }
}
