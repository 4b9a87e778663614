package dev.cloakproof.local;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.cloakproof.platform.events.DeadLetter;
import dev.cloakproof.platform.events.DeadLetters;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.KafkaEventPublisher;
import dev.cloakproof.platform.events.KafkaSettings;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What nobody could handle. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Events that a service gave up, with the reason. They wait until they are sent back.")
final class DeadLetterCommands {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists the letters that wait, of all topics.")
    int ls() {
        return with(letters -> {
            PrintWriter out = spec.commandLine().getOut();
            out.printf("%-18s %-8s %-34s %-22s %s%n", "topic", "letter", "run", "reason", "time");
            for (EventType<?> type : EventType.ALL) {
                for (DeadLetter letter : letters.waiting(type.topic())) {
                    out.printf(
                            "%-18s %-8s %-34s %-22s %s%n",
                            type.topic(), id(letter), letter.original().key(), letter.reason(), letter.time());
                }
            }
            return 0;
        });
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Shows a letter: why, and what it says.")
    int show(
            @Parameters(paramLabel = "TOPIC") String topic,
            @Parameters(paramLabel = "LETTER", description = "as ls shows it") String id) {
        EventType<?> type = type(topic);
        return with(letters -> {
            DeadLetter letter = letters.waiting(topic).stream()
                    .filter(waiting -> id(waiting).equals(id))
                    .findFirst()
                    .orElseThrow(() -> new LocalException("no letter " + id + " of " + topic + " waits"));
            PrintWriter out = spec.commandLine().getOut();
            out.println(letter.reason() + ": " + letter.cause());
            out.println(payload(type, letter.original().value()));
            return 0;
        });
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description = "Sends all letters of a topic back to where they came from.")
    int replay(@Parameters(paramLabel = "TOPIC") String topic) {
        type(topic);
        return with(letters -> {
            int count = letters.replay(topic, _ -> true);
            spec.commandLine().getOut().println(count + " sent back to " + topic);
            return 0;
        });
    }

    /** The place in the dead-letter topic. */
    private static String id(DeadLetter letter) {
        return letter.partition() + "-" + letter.offset();
    }

    private static EventType<?> type(String topic) {
        return EventType.ALL.stream()
                .filter(type -> type.topic().equals(topic))
                .findFirst()
                .orElseThrow(() -> new LocalException("expected one of the topics "
                        + List.copyOf(
                                EventType.ALL.stream().map(EventType::topic).toList()) + ", found " + topic));
    }

    private static String payload(EventType<?> type, byte[] bytes) {
        try {
            Message message = type.payload().getParserForType().parseFrom(bytes);
            return JsonFormat.printer().print(message);
        } catch (InvalidProtocolBufferException e) {
            return bytes.length + " bytes that are no " + type.topic() + ": " + e.getMessage();
        }
    }

    private int with(Function<DeadLetters, Integer> use) {
        LineState state = new Lines(main.home()).require();
        KafkaSettings kafka = new KafkaSettings(state.broker());
        try (KafkaEventPublisher publisher = new KafkaEventPublisher(kafka)) {
            return use.apply(new DeadLetters(kafka, publisher));
        }
    }
}
