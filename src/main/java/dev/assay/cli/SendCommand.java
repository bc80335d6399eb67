package dev.assay.cli;

import dev.assay.avro.Message;
import dev.assay.avro.Priority;
import dev.assay.avro.PromptEvent;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/// `assay send`.
@Command(
        name = "send",
        description = "Sends one prompt to a running stack and prints its id.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  assay send \"What is 6 times 7?\"",
            "  assay tail answers.graded --from-start"
        })
final class SendCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private StackOptions stack;

    @Parameters(paramLabel = "TEXT", description = "The prompt")
    private String text;

    @Option(names = "--id", paramLabel = "ID", description = "Its identity; default: a new UUID")
    private @Nullable String id;

    @Option(names = "--task", paramLabel = "TASK", description = "What routes match on")
    private @Nullable String task;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Who asks")
    private @Nullable String tenant;

    @Option(
            names = "--route",
            paramLabel = "ROUTE",
            description = "Takes this route whatever the others match")
    private @Nullable String route;

    @Option(
            names = "--reference",
            paramLabel = "TEXT",
            description = "A known good answer, for rules and judges")
    private @Nullable String reference;

    @Override
    public Integer call() throws InterruptedException {
        if (text.isBlank()) {
            throw new ParameterException(spec.commandLine(), "TEXT is empty; give a prompt");
        }
        String topic = stack.topics().prompts();
        if (!stack.existingTopics().contains(topic)) {
            throw new Errors.BadInput(
                    "there is no topic " + topic + "; the pipeline makes it when it starts");
        }
        PromptEvent event =
                PromptEvent.newBuilder()
                        .setId(id == null ? UUID.randomUUID().toString() : id)
                        .setMessages(List.of(new Message("user", text)))
                        .setPriority(Priority.INTERACTIVE)
                        .setTask(task)
                        .setTenant(tenant)
                        .setRoute(route)
                        .setReference(reference)
                        .setCreatedAt(Instant.now())
                        .build();
        var settings = stack.clientSettings();
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        try (var producer =
                new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            byte[] value = stack.serdes().promptEvent().serializer().serialize(topic, event);
            producer.send(new ProducerRecord<>(topic, event.getId(), value)).get();
        } catch (SerializationException e) {
            throw stack.registryTrouble(e);
        } catch (ExecutionException e) {
            throw new Errors.CannotRun("Kafka did not take the prompt: " + e.getCause(), e);
        }
        spec.commandLine().getOut().println(event.getId());
        return ExitCodes.DONE;
    }
}
