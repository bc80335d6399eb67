package dev.assay.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.assay.config.ProviderKind;
import dev.assay.provider.ModelRequest;
import dev.assay.provider.TestModel;
import dev.assay.provider.UnusableRequestException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// What becomes of a chat completions request; see https://docs.anthropic.com/en/api/messages and
/// https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use.
class MessagesRequestTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MESSAGES = "{'messages':[{'role':'user','content':'hi'}]";

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    limit                       | 'max_tokens':7                                         | {'max_tokens':7}
                    limit by its new name       | 'max_completion_tokens':7                              | {'max_tokens':7}
                    no limit                    | 'max_tokens':null                                      | {'max_tokens':4096}
                    temperature                 | 'temperature':0.70                                     | {'temperature':0.70}
                    temperature too high        | 'temperature':1.5                                      | {'temperature':1}
                    stop                        | 'stop':'END'                                           | {'stop_sequences':['END']}
                    stops                       | 'stop':['a','\\n']                                     | {'stop_sequences':['a']}
                    only blank stops            | 'stop':' '                                             | {}
                    user                        | 'user':'u1'                                            | {'metadata':{'user_id':'u1'}}
                    its own fields              | 'top_k':5,'thinking':{'type':'disabled'}               | {'top_k':5,'thinking':{'type':'disabled'}}
                    what only tunes             | 'seed':1,'logit_bias':{},'n':1,'stream':true           | {}
                    no log probabilities        | 'logprobs':false                                       | {}
                    schema                      | 'response_format':{'type':'json_schema','json_schema':{'name':'x','schema':{'type':'object'}}} | {'output_config':{'format':{'type':'json_schema','schema':{'type':'object'}}}}
                    JSON                        | 'response_format':{'type':'json_object'}               | {}
                    choice without tools        | 'tool_choice':'auto','parallel_tool_calls':false       | {}
                    function                    | 'tools':[{'type':'function','function':{'name':'f','description':'d','parameters':{'type':'object','properties':{'a':{'maximum':1.10}}},'strict':true}}] | {'tools':[{'name':'f','description':'d','input_schema':{'type':'object','properties':{'a':{'maximum':1.10}}},'strict':true}]}
                    function of no parameters   | 'tools':[{'type':'function','function':{'name':'f'}}]  | {'tools':[{'name':'f','input_schema':{'type':'object','properties':{}}}]}
                    tool of its own             | 'tools':[{'type':'web_search_20250305','name':'web_search'}],'tool_choice':{'type':'any'} | {'tools':[{'type':'web_search_20250305','name':'web_search'}],'tool_choice':{'type':'any'}}
                    any tool                    | 'tools':[{'name':'f'}],'tool_choice':'required'        | {'tools':[{'name':'f'}],'tool_choice':{'type':'any'}}
                    no tool                     | 'tools':[{'name':'f'}],'tool_choice':'none'            | {'tools':[{'name':'f'}],'tool_choice':{'type':'none'}}
                    this tool, one at a time    | 'parallel_tool_calls':false,'tools':[{'name':'f'}],'tool_choice':{'type':'function','function':{'name':'f'}} | {'tools':[{'name':'f'}],'tool_choice':{'type':'tool','disable_parallel_tool_use':true,'name':'f'}}
                    one tool at a time          | 'tools':[{'name':'f'}],'parallel_tool_calls':false     | {'tools':[{'name':'f'}],'tool_choice':{'type':'auto','disable_parallel_tool_use':true}}
                    """)
    void fieldsAreMapped(String name, String fields, String expected) throws Exception {
        JsonNode sent = write(TestModel.of(ProviderKind.ANTHROPIC), MESSAGES + "," + fields + "}");

        ObjectNode rest = ((ObjectNode) sent).remove(List.of("model", "messages"));
        JsonNode wanted = json(expected);
        if (!wanted.has("max_tokens")) {
            assertThat(rest.remove("max_tokens")).isEqualTo(IntNode.valueOf(4096));
        }
        assertThat(rest).isEqualTo(wanted);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    instructions anywhere  | {'role':'user','content':'a'},{'role':'developer','content':'b'},{'role':'system','content':[{'type':'text','text':'c'}]} | {'system':[{'type':'text','text':'b'},{'type':'text','text':'c'}],'messages':[{'role':'user','content':[{'type':'text','text':'a'}]}]}
                    image as data          | {'role':'user','content':[{'type':'text','text':'a'},{'type':'image_url','image_url':{'url':'data:image/png;base64,QUJD','detail':'low'}}]} | {'messages':[{'role':'user','content':[{'type':'text','text':'a'},{'type':'image','source':{'type':'base64','media_type':'image/png','data':'QUJD'}}]}]}
                    image by its address   | {'role':'user','content':[{'type':'image_url','image_url':{'url':'https://e.com/i.png'}}]} | {'messages':[{'role':'user','content':[{'type':'image','source':{'type':'url','url':'https://e.com/i.png'}}]}]}
                    file                   | {'role':'user','content':[{'type':'file','file':{'filename':'f.pdf','file_data':'data:application/pdf;base64,QUJD'}}]} | {'messages':[{'role':'user','content':[{'type':'document','source':{'type':'base64','media_type':'application/pdf','data':'QUJD'},'title':'f.pdf'}]}]}
                    part of its own        | {'role':'user','content':[{'type':'document','source':{'type':'text','data':'x'}}]} | {'messages':[{'role':'user','content':[{'type':'document','source':{'type':'text','data':'x'}}]}]}
                    cached part            | {'role':'user','content':[{'type':'text','text':'a','cache_control':{'type':'ephemeral'}}]} | {'messages':[{'role':'user','content':[{'type':'text','text':'a','cache_control':{'type':'ephemeral'}}]}]}
                    empty texts            | {'role':'user','content':'a'},{'role':'assistant','content':''},{'role':'user','content':[{'type':'text','text':''},'b']} | {'messages':[{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]}]}
                    calls and results      | {'role':'user','content':'a'},{'role':'assistant','content':null,'tool_calls':[{'id':'1','type':'function','function':{'name':'f','arguments':'{}'}},{'id':'2','type':'function','function':{'name':'g','arguments':''}}]},{'role':'tool','tool_call_id':'1','content':'x'},{'role':'tool','tool_call_id':'2','content':''},{'role':'user','content':'b'} | {'messages':[{'role':'user','content':[{'type':'text','text':'a'}]},{'role':'assistant','content':[{'type':'tool_use','id':'1','name':'f','input':{}},{'type':'tool_use','id':'2','name':'g','input':{}}]},{'role':'user','content':[{'type':'tool_result','tool_use_id':'1','content':[{'type':'text','text':'x'}]},{'type':'tool_result','tool_use_id':'2'},{'type':'text','text':'b'}]}]}
                    refusal                | {'role':'user','content':'a'},{'role':'assistant','content':null,'refusal':'no'} | {'messages':[{'role':'user','content':[{'type':'text','text':'a'}]},{'role':'assistant','content':[{'type':'text','text':'no'}]}]}
                    """)
    void messagesAreMapped(String name, String messages, String expected) throws Exception {
        JsonNode sent =
                write(TestModel.of(ProviderKind.ANTHROPIC), "{'messages':[" + messages + "]}");

        JsonNode wanted = json(expected);
        assertThat(sent.path("messages")).isEqualTo(wanted.path("messages"));
        assertThat(sent.path("system")).isEqualTo(wanted.path("system"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':{'secret':1}}",
                "{'messages':[{'role':'secret','content':'x'}]}",
                "{'messages':[{'role':'user','content':[{'type':'input_audio','data':'secret'}]}]}",
                "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':'data:secret'}]}]}",
                "{'messages':[{'role':'user','content':[{'type':'file','file':{'file_id':'secret'}}]}]}",
                "{'messages':[{'role':'assistant','tool_calls':[{'function':{'arguments':'{secret'}}]}]}",
                "{'messages':[],'functions':[]}",
                "{'messages':[],'logprobs':true}",
                "{'messages':[],'modalities':['text','audio']}",
                "{'messages':[],'tools':[{'type':'custom','custom':{'name':'secret'}}]}",
                "{'messages':[],'secret':1,'secret':2}",
                "{'messages':[]} secret"
            })
    void whatCannotBeSaidIsRefusedWithoutAWordOfIt(String chat) {
        assertThatThrownBy(() -> write(TestModel.of(ProviderKind.ANTHROPIC), chat))
                .isInstanceOf(UnusableRequestException.class)
                .message()
                .doesNotContain("secret");
    }

    @Test
    void theEntryOfTheModelChangesFields() throws Exception {
        TestModel model =
                TestModel.of(ProviderKind.ANTHROPIC)
                        .dropParams("top_p")
                        .renameParams(Map.of("effort", "speed"))
                        .params(Map.of("temperature", 0.5));

        JsonNode sent =
                write(
                        model,
                        MESSAGES + ",'top_p':0.1,'effort':'low','temperature':1,'max_tokens':5}");

        assertThat(sent.path("temperature").doubleValue()).isEqualTo(0.5);
        assertThat(sent.path("speed").asText()).isEqualTo("low");
        assertThat(sent.has("top_p")).isFalse();
        assertThat(sent.path("max_tokens").intValue()).isEqualTo(5);
    }

    @Test
    void theLimitOfTheCallIsSentWhereTheRequestSetsNone() throws Exception {
        MessagesRequest requests =
                new MessagesRequest(TestModel.of(ProviderKind.ANTHROPIC).build());

        byte[] sent =
                requests.write(
                        new ModelRequest(
                                "{\"messages\":[]}", OptionalInt.of(9), Duration.ofSeconds(1)));

        assertThat(JSON.readTree(sent).path("max_tokens").intValue()).isEqualTo(9);
    }

    private static JsonNode write(TestModel model, String chat) throws Exception {
        byte[] sent =
                new MessagesRequest(model.build())
                        .write(
                                new ModelRequest(
                                        chat.replace('\'', '"'),
                                        OptionalInt.empty(),
                                        Duration.ofSeconds(1)));
        return JSON.readTree(new String(sent, UTF_8));
    }

    private static JsonNode json(String text) throws Exception {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
