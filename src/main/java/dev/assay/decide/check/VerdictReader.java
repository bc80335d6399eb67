package dev.assay.decide.check;

import dev.assay.model.Criterion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a judge's reply.
///
/// A reply that is one JSON object with an integer score from 1 to 10 is taken at its word. Any
/// other reply is searched for scores: JSON objects in prose or code fences and phrases like
/// `Score: 8`, `8/10` or `[[8]]`. The reply is the judge's own text, but judges quote, and an
/// answer can hold a verdict made to be quoted. Position does not tell a quote from a verdict (a
/// quote may stand first or last), so none is preferred by it. Instead:
///
/// 1. All scores that a reply names must agree and be valid. Then a quote can change nothing: it
///    either says what the judge says or makes the reply unreadable.
/// 2. At least one of them must not stand in the material as well. A judge that only quotes has not
///    judged, and one that repeats a verdict it was shown has not judged for itself.
/// 3. Nothing is read out of broken or unclosed JSON that seems to hold a score. A verdict cut off
///    or with a quote in it that was not escaped looks, from inside, like the quoted one.
///
/// An unreadable reply costs one more question to a judge; a wrong reading would be a wrong grade.
public final class VerdictReader {

    /// Longer reasons are cut.
    public static final int MAX_REASON_CHARS = 2_000;

    /// Longer replies are not looked at.
    public static final int MAX_REPLY_CHARS = 100_000;

    private static final int MAX_MENTIONS = 32;

    private static final String SCORE = "score";
    private static final String REASON = "reason";

    private final JsonObjects json;

    public VerdictReader(JsonObjects json) {
        this.json = json;
    }

    /// What the reply says.
    ///
    /// @param reply the text of the judge's message
    /// @param material what the judge was shown and did not write: the answer at least
    public Reading read(String reply, String material) {
        return read(reply, material, List.of());
    }

    /// What the reply of a judge says that was asked for a score by each of some criteria. A judge
    /// that gives one score for all of them instead is taken at that.
    public Reading read(String reply, String material, List<Criterion> criteria) {
        if (reply.length() > MAX_REPLY_CHARS) {
            return new Reading.Unreadable(
                    "the reply is longer than " + MAX_REPLY_CHARS + " characters");
        }
        String text = Fences.without(Thoughts.without(reply).strip());
        if (text.isEmpty()) {
            return new Reading.Unreadable("the reply is empty");
        }
        Quotes quotes = new Quotes(material);
        Optional<Reading.Read> asAsked = asAsked(text, criteria);
        if (asAsked.isPresent()) {
            return quotes.contain(text) ? onlyQuotes() : asAsked.get();
        }
        return search(text, quotes);
    }

    private Optional<Reading.Read> asAsked(String text, List<Criterion> criteria) {
        return json.parse(text)
                .flatMap(object -> CriteriaReader.read(object, criteria).or(() -> overall(object)));
    }

    private static Optional<Reading.Read> overall(Map<String, Object> object) {
        return Scores.integer(object.getOrDefault(SCORE, ""))
                .map(score -> new Reading.Read(score, reason(object)));
    }

    private Reading search(String text, Quotes quotes) {
        List<Mention> mentions = new ArrayList<>();
        StringBuilder prose = new StringBuilder();
        int proseFrom = 0;
        for (Braces.Region region : Braces.in(text)) {
            prose.append(text, proseFrom, region.start()).append('\n');
            proseFrom = region.end();
            String source = text.substring(region.start(), region.end());
            if (!Scores.mayHold(source)) {
                continue;
            }
            Optional<Map<String, Object>> object =
                    region.closed() ? json.parse(source) : Optional.empty();
            if (object.isEmpty()) {
                return new Reading.Unreadable(
                        "the reply holds broken JSON that seems to be a verdict");
            }
            mentions.addAll(mentions(object.get(), source));
        }
        prose.append(text, proseFrom, text.length());
        for (Scores.Phrase phrase : Scores.phrases(prose)) {
            mentions.add(new Mention(phrase.score(), text, phrase.text()));
        }
        return judge(mentions, quotes);
    }

    private static Reading judge(List<Mention> mentions, Quotes quotes) {
        if (mentions.isEmpty()) {
            return new Reading.Unreadable("the reply names no score");
        }
        if (mentions.size() > MAX_MENTIONS) {
            return new Reading.Unreadable("the reply names more than " + MAX_MENTIONS + " scores");
        }
        if (mentions.stream().anyMatch(mention -> mention.score().isEmpty())) {
            return new Reading.Unreadable("the reply names a score that is no number from 1 to 10");
        }
        if (mentions.stream().map(Mention::score).distinct().count() > 1) {
            return new Reading.Unreadable("the reply names scores that differ");
        }
        return mentions.reversed().stream()
                .filter(mention -> !quotes.contain(mention.source()))
                .findFirst()
                .<Reading>map(own -> new Reading.Read(own.score().orElseThrow(), own.reason()))
                .orElseGet(VerdictReader::onlyQuotes);
    }

    private static Reading onlyQuotes() {
        return new Reading.Unreadable(
                "every score in the reply stands in the material as well, so it may be a quote");
    }

    private static List<Mention> mentions(Map<String, Object> object, String source) {
        return object.entrySet().stream()
                .filter(member -> Scores.isLabel(member.getKey()))
                .map(member -> new Mention(Scores.of(member.getValue()), reason(object), source))
                .toList();
    }

    private static String reason(Map<String, Object> object) {
        return object.get(REASON) instanceof String text ? bounded(text) : "";
    }

    private static String bounded(String reason) {
        return Texts.first(MAX_REASON_CHARS, reason.strip());
    }

    /// A score that the reply names.
    ///
    /// @param score empty where it is no number from 1 to 10
    /// @param source the part of the reply that names it
    private record Mention(Optional<Double> score, String reason, String source) {
        Mention {
            reason = bounded(reason);
        }
    }
}
