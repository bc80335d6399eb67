package dev.assay.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Each kind of mistake, planted into a sound file: it is found alone, at its line and key, with a
/// way out.
class TopologyErrorsTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("KEY", "sk-very-secret", "EMPTY", "");

    /// Line numbers below are those of this text.
    private static final String SOUND =
            """
            name: app
            models:
              - name: small
                provider: openai
                base_url: http://localhost/v1
                api_key: ${KEY}
                family: llama
                tags: [eu]
                price: {input: 1, output: 2}
                limits: {in_flight: 4}
                retry: {attempts: 3}
                timeout: 60s
              - name: large
                provider: simulated
                simulate: {skill: 9}
            routes:
              - name: code
                match: {task: [code], min_chars: 1}
                assign: {strategy: cascade, models: [small, large]}
                check:
                  rules: [{max_chars: 10}]
                  judges: [large]
                  pass: 7
                rounds: 2
                max_cost_usd: 0.5
              - name: default
                assign: {strategy: fixed, models: [small]}
            tenants:
              acme: {topic: prompts.acme, required_tags: [eu], models: [small]}
            topics: {prefix: x., partitions: 3, replication_factor: 1}
            dedup: {window: 1h}
            engine: {waiting_per_task: 10}
            kafka: {bootstrap.servers: "localhost:9092"}
            schema_registry: {url: http://localhost:8081}
            """;

    /// The line put differently | what is put there (⏎ begins another line) | the key found wrong |
    /// what the message says | the line found wrong, where that is another one.
    private static final String MISTAKES =
            """
            # names and kinds
            1 | nmae: app ⏎ name: app | nmae | did you mean name?
            1 | name: app ⏎ name: again | name | first in line 1 | 2
            1 | name: a b | name | `a b` cannot be part of a topic's name
            1 | name: [app] | name | must be a text, not a list
            1 | name: | name | has no value
            1 | name: '' | name | is empty
            1 | other: app ⏎ name: x | other | the keys here are name, models, routes
            1 | # no name | (file) | has no name; add name: my-pipeline | 2
            1 | ? [a] ⏎ : b ⏎ name: app | (file) | a key that is no text
            1 | <<: {a: b} ⏎ name: app | (file) | merge keys
            1 | ${KEY}: b ⏎ name: app | (file) | variables are not put into keys
            1 | name: !secret app | name | YAML tag
            8 | tags: eu | models[0].tags | must be a list, as in [a, b], not a single value
            8 | tags: [eu, eu] | models[0].tags[1] | `eu` stands twice
            8 | tags: [[eu]] | models[0].tags[0] | must be a text, not a list
            8 | tags: {eu: 1} | models[0].tags | not a mapping
            9 | price: 3 | models[0].price | must be a mapping
            9 | price: ~ | models[0].price | has no value

            # variables
            6 | api_key: ${NO_KEY} | models[0].api_key | variable NO_KEY is not set
            6 | api_key: ${NO_KEY:?} | models[0].api_key | begins no variable
            6 | api_key: ${A:-${KEY}} | models[0].api_key | begins no variable
            7 | family: a ${ | models[0].family | $${ for a plain ${
            12 | timeout: ${KEY} | models[0].timeout | `${KEY}` is not a duration
            24 | rounds: ${KEY} | routes[0].rounds | `${KEY}` is not a whole number
            24 | rounds: ${EMPTY} | routes[0].rounds | `${EMPTY}` is not a whole number

            # hedging and sharing
            8 | hedge: {quantile: 0.2} | models[0].hedge.quantile | 0.5
            8 | hedge: {max_share: 2} | models[0].hedge.max_share | 1
            8 | hedge: {after: 3s} | models[0].hedge.after | quantile, max_share
            24 | reuse: {keep_for: forever} | routes[0].reuse.keep_for | not a duration
            24 | reuse: {for: 3m} | routes[0].reuse.for | keep_for

            # models
            3 | - {name: large, provider: simulated} ⏎ - name: small | models[2].name | taken in line 3 | 14
            3 | - {provider: simulated} ⏎ - name: small | models[0] | has no name; add name: small
            3 | - {name: ' x', provider: simulated} ⏎ - name: small | models[0].name | space around
            4 | (nothing) | models[0] | has no provider | 3
            4 | provider: opnai | models[0].provider | `opnai` is unknown (did you mean openai?)
            5 | (nothing) | models[0] | has no base_url | 3
            5 | base_url: ftp://x/v1 | models[0].base_url | neither http:// nor https://
            5 | base_url: localhost:8080 | models[0].base_url | neither http:// nor https://
            5 | base_url: 'http://a b' | models[0].base_url | is no URL
            5 | base_url: http:///v1 | models[0].base_url | names no host
            5 | base_url: http://h:port/v1 | models[0].base_url | names no host
            5 | base_url: http://h:99999/v1 | models[0].base_url | names no host
            5 | base_url: http://u:p@a_b/v1 | models[0].base_url | user or password
            5 | base_url: http://u:p@h/v1 | models[0].base_url | user or password
            5 | base_url: http://h/v1?a=b | models[0].base_url | use the key query
            5 | base_url: http://h/v1/chat/completions/ | models[0].base_url | endpoint's path
            6 | api_key: [a] | models[0].api_key | must be a text, not a list
            6 | api_key: ' sk-very-secret' | models[0].api_key | space around it
            6 | api_key: "sk-very-secret\\n" | models[0].api_key | line break
            6 | headers: {a b: c} | models[0].headers.a b | no name of a request header
            6 | headers: {a: "b\\r\\nc"} | models[0].headers.a | line break
            6 | headers: {content-Length: '7'} | models[0].headers.content-Length | set by Assay itself
            6 | query: {a: [b]} | models[0].query.a | must be a text
            6 | params: {model: x} | models[0].params.model | set by Assay itself
            6 | params: {stream_options: {}} | models[0].params.stream_options | set by Assay itself
            6 | params: {n: 2} | models[0].params.n | more answers to one request
            6 | params: {stop: ~} | models[0].params.stop | has no value
            6 | params: {seed: 1e999} | models[0].params.seed | too large
            6 | drop_params: [messages] | models[0].drop_params[0] | set by Assay itself
            6 | rename_params: {stream: x} | models[0].rename_params.stream | set by Assay itself
            6 | rename_params: {top_p: messages} | models[0].rename_params.top_p | set by Assay itself
            6 | rename_params: {top_p: ''} | models[0].rename_params.top_p | is empty
            6 | prompt_template: '{prompt}' | models[0].prompt_template | openai_completions
            6 | simulate: {skill: 1} | models[0].simulate | belongs to provider simulated
            6 | context: 0 | models[0].context | `0` is out of range; write a value from 1 to
            6 | context: 1.5 | models[0].context | `1.5` is not a whole number
            6 | context: 9 ⏎ max_output_tokens: 10 | models[0].max_output_tokens | more than context | 7
            9 | price: {input: -1} | models[0].price.input | from 0 to 1000000
            9 | price: {input: cheap} | models[0].price.input | `cheap` is not a number
            9 | price: {input: 1e999} | models[0].price.input | out of range
            9 | price: {inptu: 1} | models[0].price.inptu | did you mean input?
            10 | limits: {inFlight: 4} | models[0].limits.inFlight | did you mean in_flight?
            10 | limits: {in_flight: 0} | models[0].limits.in_flight | out of range
            10 | limits: {tokens_per_minute: 0} | models[0].limits.tokens_per_minute | out of range
            11 | retry: {attempts: 0} | models[0].retry.attempts | from 1 to 100
            11 | retry: {max_elapsed: 5} | models[0].retry.max_elapsed | `5` is not a duration
            12 | timeout: 60 s | models[0].timeout | such as 60s
            12 | timeout: 0s | models[0].timeout | write a value from 1ms to 1d
            12 | timeout: PX | models[0].timeout | is not a duration
            12 | idle_timeout: 99999999999999999h | models[0].idle_timeout | not a duration
            12 | idle_timeout: PT-1S | models[0].idle_timeout | out of range
            15 | base_url: http://h | models[1].base_url | no meaning for a simulated model
            15 | simulate: {skill: 11} | models[1].simulate.skill | from 0 to 10
            15 | simulate: {fail_rate: 1.01} | models[1].simulate.fail_rate | from 0 to 1
            15 | simulate: {latency: fast} | models[1].simulate.latency | is not a duration

            # routes
            17 | - name: default | routes[1].name | is taken in line 17 | 26
            18 | match: {tasks: [code]} | routes[0].match.tasks | did you mean task?
            18 | match: {task: []} | routes[0].match.task | is an empty list
            18 | match: {task: code} | routes[0].match.task | must be a list
            18 | match: {min_chars: -1} | routes[0].match.min_chars | out of range
            18 | match: {min_chars: 2, max_chars: 1} | routes[0].match | matches nothing
            18 | match: {min_chars: 0} | routes[1] | route `code` before it matches every prompt | 26
            18 | (nothing) | routes[1] | is never reached | 26
            19 | (nothing) | routes[0] | has no assign | 17
            19 | assign: {models: [small]} | routes[0].assign | has no strategy
            19 | assign: {strategy: fixed} | routes[0].assign | has no models
            19 | assign: {strategy: fixed, models: []} | routes[0].assign.models | empty list
            19 | assign: {strategy: cascad, models: [small]} | routes[0].assign.strategy | `cascad` is unknown (did you mean cascade?); use one of cascade, cheapest, ensemble, fixed, learned
            19 | assign: {strategy: fixed, models: [small, lrage]} | routes[0].assign.models[1] | no model is called `lrage` (did you mean large?)
            19 | assign: {strategy: fixed, models: [small, small]} | routes[0].assign.models[1] | stands twice
            22 | judges: [lagre] | routes[0].check.judges[0] | did you mean large?
            22 | judge: [large] | routes[0].check.judge | did you mean judges?
            19 | assign: {strategy: fixed, models: [large]} | routes[0].check.judges | name another model, or set allow_self: true | 22
            23 | pass: 10.5 | routes[0].check.pass | from 0 to 10
            23 | sample: 1.5 | routes[0].check.sample | from 0 to 1
            23 | sample: -0.1 | routes[0].check.sample | out of range
            23 | rubric: ' ' | routes[0].check.rubric | is empty
            23 | allow_self: yes | routes[0].check.allow_self | neither true nor false
            23 | quorum: 1 | routes[0].check.quorum | belongs to a panel of several
            23 | panel: medain | routes[0].check.panel | did you mean median?
            23 | panel: median ⏎ quorum: 2 | routes[0].check.quorum | from 1 to 1 | 24
            23 | criteria: [] | routes[0].check.criteria | is an empty list
            23 | criteria: [{name: a}] | routes[0].check.criteria[0] | has no description
            23 | criteria: [{name: 'a"b', description: d}] | routes[0].check.criteria[0].name | have to escape
            23 | criteria: [{name: a, weight: 0, description: d}] | routes[0].check.criteria[0].weight | from 0.001 to 1000
            23 | criteria: [{name: a, description: d}, {name: a, description: e}] | routes[0].check.criteria[1] | stands twice
            23 | panel: fist | routes[0].check.panel | did you mean first?
            24 | rounds: 0 | routes[0].rounds | from 1 to 100
            25 | max_cost_usd: 0 | routes[0].max_cost_usd | out of range

            # rules
            21 | rules: [max_chars] | routes[0].check.rules[0] | must be a mapping
            21 | rules: [{min_words: 0}] | routes[0].check.rules[0].min_words | from 1 to
            21 | rules: [{max_word: 9}] | routes[0].check.rules[0].max_word | did you mean max_words?
            21 | rules: [{contains: ''}] | routes[0].check.rules[0].contains | is empty
            21 | rules: [{case: title}] | routes[0].check.rules[0].case | use one of lower, upper
            21 | rules: [{json: false}] | routes[0].check.rules[0].json | can only be true
            21 | rules: [{min_words: 1, max_words: 9}] | routes[0].check.rules[0] | more than one rule
            21 | rules: [{}] | routes[0].check.rules[0] | holds no rule
            21 | rules: [{max_chars: 1, regex: a}] | routes[0].check.rules[0] | more than one rule
            21 | rules: [{max_chars: 0}] | routes[0].check.rules[0].max_chars | out of range
            21 | rules: [{regex: '(a'}] | routes[0].check.rules[0].regex | no Java regular expression: Unclosed group
            21 | rules: [{equals: number}] | routes[0].check.rules[0].equals | unknown key
            21 | rules: [{equals_reference: digits}] | routes[0].check.rules[0].equals_reference | choice, number, text
            21 | rules: [{json_schema: none.json}] | routes[0].check.rules[0].json_schema | there is no such file
            21 | rules: [{json_schema: ''}] | routes[0].check.rules[0].json_schema | is empty
            21 | rules: [{json_schema: .}] | routes[0].check.rules[0].json_schema | it is a folder
            21 | rules: [{json_schema: "a\\0b"}] | routes[0].check.rules[0].json_schema | cannot be read
            21 | rules: [{json_schema: {type: object}}] | routes[0].check.rules[0].json_schema | must be a text

            # tenants, topics, engine, properties
            29 | acme: {topic: a b} | tenants.acme.topic | use letters, digits
            29 | acme: {topic: prompts} | tenants.acme.topic | a topic of the pipeline itself
            29 | acme: {topic: t} ⏎ b: {topic: t} | tenants.b.topic | the topic of tenant `acme` | 30
            29 | acme: {models: [smal]} | tenants.acme.models[0] | did you mean small?
            29 | acme: {models: []} | tenants.acme.models | is an empty list
            29 | acme: {required_tags: [us]} | tenants.acme | no model that this tenant may use
            29 | acme: {required_tags: [eu], models: [large]} | tenants.acme | all of its required_tags
            29 | acme: {model: [small]} | tenants.acme.model | did you mean models?
            29 | '': {models: [small]} | tenants. | empty name
            29 | acme: eu | tenants.acme | must be a mapping
            30 | topics: {prefix: a/b} | topics.prefix | cannot be part of a topic's name
            30 | topics: {partitions: 0} | topics.partitions | out of range
            30 | topics: {replication_factor: 0} | topics.replication_factor | -1 for the broker's
            30 | topics: {replicas: 1} | topics.replicas | unknown key
            31 | dedup: {window: 1} | dedup.window | is not a duration
            31 | dedup: {windows: 1h} | dedup.windows | did you mean window?
            32 | engine: {waiting_per_task: 0} | engine.waiting_per_task | out of range
            32 | engine: {default_in_flight: 0} | engine.default_in_flight | out of range
            32 | engine: {max_record_bytes: 1} | engine.max_record_bytes | out of range
            32 | engine: {max_id_chars: 1} | engine.max_id_chars | out of range
            32 | engine: {drain_timeout: 2d} | engine.drain_timeout | from 0ms to 1h
            32 | engine: {drain: 2s} | engine.drain | unknown key
            33 | kafka: {ssl: {keystore: x}} | kafka.ssl | must be a text, not a mapping
            33 | kafka: {group.protocol: streams} | kafka.group.protocol | must be classic: the others take no consumer that can be paused when too much waits
            33 | kafka: {processing.guarantee: at_most_once} | kafka.processing.guarantee | must be exactly_once_v2 or at_least_once
            33 | kafka: {application.id: other} | kafka.application.id | leave it out; the application bears the file's name
            33 | kafka: {acks: ~} | kafka.acks | has no value
            34 | schema_registry: http://h | schema_registry | must be a mapping
            34 | schema_registry: {schema.registry.url: http://h} | schema_registry.schema.registry.url | leave out the prefix

            # ensembles and agreement
            19 | assign: {strategy: ensemble, models: [small]} | routes[0].assign | is an ensemble of one
            19 | assign: {strategy: ensemble, models: [small, large], n: 1} | routes[0].assign.n | out of range; write a value from 2 to 32
            19 | assign: {strategy: ensemble, models: [small, large], quorum: 3} | routes[0].assign.quorum | from 1 to 2
            19 | assign: {strategy: ensemble, models: [small, large], pick: most} | routes[0].assign.pick | use one of best, fuse, pairwise, vote
            19 | assign: {strategy: ensemble, models: [small, large], pick: vote, compare: words} | routes[0].assign.compare | use one of choice, number, text
            19 | assign: {strategy: ensemble, models: [small, large], compare: number} | routes[0].assign.compare | belongs to pick: vote
            19 | assign: {strategy: ensemble, models: [small, large], pick: fuse} | routes[0].assign | has no fuse; add fuse: MODEL
            19 | assign: {strategy: ensemble, models: [small, large], pick: fuse, fuse: lagre} | routes[0].assign.fuse | did you mean large?
            19 | assign: {strategy: ensemble, models: [small, large], fuse: large} | routes[0].assign.fuse | belongs to pick: fuse
            19 | assign: {strategy: ensemble, models: [small, large], wait: soon} | routes[0].assign.wait | is not a duration
            19 | assign: {strategy: fixed, models: [small], n: 2} | routes[0].assign.n | belongs to strategy ensemble
            27 | assign: {strategy: ensemble, models: [small, large]} | routes[1].assign | the route has no judges
            23 | agreement: lagre | routes[0].check.agreement | did you mean large?
            23 | agreement: small ⏎ compare: words | routes[0].check.compare | use one of choice, number, text | 24
            23 | compare: number | routes[0].check.compare | belongs to agreement
            27 | assign: {strategy: fixed, models: [small]} ⏎ check: {agreement: small} | routes[1].check.agreement | would agree with itself | 28

            # not in this version
            4 | provider: recorded | models[0].provider | recorded is not supported by this version; use simulated
            19 | assign: {strategy: learned, models: [small]} | routes[0].assign | has no usd_per_point; add usd_per_point: 0.002
            19 | assign: {strategy: learned, models: [small], usd_per_point: 0} | routes[0].assign.usd_per_point | out of range
            19 | assign: {strategy: learned, models: [small], usd_per_point: 1, explore: 0.6} | routes[0].assign.explore | out of range; write a value from 0 to 0.49
            19 | assign: {strategy: fixed, models: [small], explore: 0.1} | routes[0].assign.explore | belongs to strategy learned
            19 | assign: {strategy: fixed, models: [small], buckets: 65536} | routes[0].assign.buckets | belongs to strategy learned
            19 | assign: {strategy: fixed, models: [small], usd_per_point: 1} | routes[0].assign.usd_per_point | belongs to strategies learned and cascade
            19 | assign: {strategy: cascade, models: [small], usd_per_point: 0} | routes[0].assign.usd_per_point | out of range
            19 | assign: {strategy: learned, models: [small], usd_per_point: 1, buckets: 100000} | routes[0].assign.buckets | is no power of two; the nearest are 65536 and 131072
            19 | assign: {strategy: learned, models: [small], usd_per_point: 1, buckets: 100} | routes[0].assign.buckets | out of range; write a value from 256 to 1048576
            19 | assign: {strategy: learned, models: [small], usd_per_point: 1, dimensions: 500} | routes[0].assign.dimensions | is no power of two; the nearest are 256 and 512
            19 | assign: {strategy: learned, models: [small], usd_per_point: 1, prefix_chars: 0} | routes[0].assign.prefix_chars | out of range
            29 | acme: {usd_per_day: 0} | tenants.acme.usd_per_day | out of range
            19 | assign: {strategy: fixed, models: [small]} ⏎ usd_per_day: -1 | routes[0].usd_per_day | out of range | 20
            """;

    record Mistake(int line, String put, String key, String says, int problemLine) {

        static Mistake parse(String row) {
            List<String> cells = List.of(row.split(" \\| ", -1));
            int line = Integer.parseInt(cells.get(0));
            String put = cells.get(1).equals("(nothing)") ? "" : cells.get(1);
            String key = cells.get(2).equals("(file)") ? "" : cells.get(2);
            return new Mistake(
                    line,
                    put,
                    key,
                    cells.get(3),
                    cells.size() > 4 ? Integer.parseInt(cells.get(4)) : line);
        }

        /// The sound text with the mistake in it.
        String text() {
            List<String> lines = new ArrayList<>(SOUND.lines().toList());
            String indent = lines.get(line - 1).replaceFirst("\\S.*", "");
            lines.set(line - 1, indent + put.replace(" ⏎ ", "\n" + indent));
            return String.join("\n", lines);
        }
    }

    static Stream<Mistake> mistakes() {
        return MISTAKES.lines()
                .filter(row -> !row.isBlank() && !row.startsWith("#"))
                .map(Mistake::parse);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void isFoundAloneAtItsLineAndKey(Mistake mistake) {
        TopologyFileException thrown = failureOf(mistake.text());

        assertThat(thrown.problems()).hasSize(1);
        Problem problem = thrown.problems().getFirst();
        assertThat(problem.message()).contains(mistake.says());
        assertThat(problem.key()).isEqualTo(mistake.key());
        assertThat(problem.line()).isEqualTo(mistake.problemLine());
        assertThat(thrown).hasMessageNotContaining("sk-very-secret");
    }

    @Test
    void theFileWithoutMistakesIsSound() {
        TopologyFile topology =
                TopologyParser.parse(SOUND, Path.of("topology/test.yaml"), ENVIRONMENT);

        assertThat(topology.models()).hasSize(2);
    }

    @Test
    void namesAreBounded() {
        String put = "- {provider: simulated, name: " + "x".repeat(129) + "} ⏎ - name: small";
        Mistake mistake = new Mistake(3, put, "models[0].name", "more than 128 characters", 3);

        isFoundAloneAtItsLineAndKey(mistake);
    }

    @Test
    void regularExpressionsAreBounded() {
        String put = "rules: [{regex: '" + "(".repeat(1001) + "'}]";
        Mistake mistake =
                new Mistake(
                        21, put, "routes[0].check.rules[0].regex", "more than 1000 characters", 21);

        isFoundAloneAtItsLineAndKey(mistake);
    }

    private static TopologyFileException failureOf(String text) {
        return catchThrowableOfType(
                TopologyFileException.class,
                () -> TopologyParser.parse(text, Path.of("topology/test.yaml"), ENVIRONMENT));
    }
}
