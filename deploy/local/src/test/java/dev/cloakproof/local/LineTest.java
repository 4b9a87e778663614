package dev.cloakproof.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cloakproof.local.LineFixture.Said;
import dev.cloakproof.platform.blob.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The four packaged services, a broker and a database as processes, through the commands that people use. */
@Tag("line")
class LineTest {
    private static LineFixture line;

    @BeforeAll
    static void up() throws IOException {
        line = new LineFixture();
    }

    @AfterAll
    static void down() {
        line.close();
        assertThat(line.state.supervisor().process()).isEmpty();
        assertThat(line.state.children().values())
                .allMatch(child -> child.process().isEmpty());
        assertThat(line.home.state()).doesNotExist();
    }

    @Test
    void picturesComeOutScored() throws Exception {
        Said said = line.run("anna", "--method", "gaussian", "--references", line.references.toString());
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.err()).contains("purify", "train", "sample", "evaluate");
        assertThat(said.out()).contains("purified", "ssim", "report: http://127.0.0.1:");

        String run = said.err().lines().findFirst().orElseThrow();
        assertThat(line.command("ls").out()).contains(run, "anna", "succeeded");
        Path report = line.home.folder().resolve("report.html");
        assertThat(line.command("report", run, "--out", report.toString()).code())
                .isZero();
        assertThat(Files.readString(report)).contains("<html");
        assertThat(line.command("watch", run).code()).isZero();
    }

    @Test
    void theDemoComparesTheWaysAndLeavesARunningLineAlone() {
        String left = endless("demo-as-is");
        Said said = line.command("demo", "--method", "none", "--steps", "4");
        assertThat(said.code()).as(said.err() + said.out()).isZero();
        assertThat(line.command("watch", left).out()).contains("CANCELLED");
        assertThat(said.out()).contains("protected as is", "purified + CDL", "/runs/");
        assertThat(new Lines(line.home).running()).isPresent();
        String runs = line.command("ls").out();
        assertThat(runs).contains("demo-as-is", "demo-purified", "demo-purified-cdl");
    }

    @Test
    void aClientInPythonDoesTheSame() throws Exception {
        PythonClient python = PythonClient.find();
        Said said = python.run(
                line.pictures,
                "127.0.0.1:" + line.state.port("purifier.grpc"),
                "127.0.0.1:" + line.state.port("evaluator.grpc"));
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out()).contains("purified: ", "inferred: ", "refused: expected one of", "STAGE_EVALUATE");
    }

    /** A run that trains until it is cancelled. */
    private static String endless(String subject) {
        String run = line.run(subject, "--method", "none", "--steps", "100000", "--detach")
                .out()
                .strip();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> line.command("ls", "--subject", subject).out().contains("train"));
        return run;
    }

    @Test
    void aRunCanBeCancelled() {
        String run = endless("berta");
        assertThat(line.command("cancel", run).code()).isZero();
        Said watched = line.command("watch", run);
        assertThat(watched.code()).isEqualTo(1);
        assertThat(watched.out()).contains("CANCELLED");
    }

    @Test
    void whatTheLineRefusesIsToldWithItsReason() {
        assertThat(line.run("Not A Name").err()).contains("PARAMETER_INVALID");
        Said unknown = line.run("carla", "--method", "magic");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.out() + unknown.err()).contains("METHOD_UNKNOWN");
        assertThat(line.command("watch", "nobody").err()).contains("NOT_FOUND");
    }

    @Test
    void poisonGoesToTheDeadLettersAndCanBeSentBack() {
        String run = "poison-" + Sha256.of(new byte[] {1}).substring(0, 6);
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", line.state.broker()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>("images.purified", run, new byte[] {1, 2, 3}));
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> line.command("dead-letters", "ls").out().contains(run));
        String letters = line.command("dead-letters", "ls").out();
        String letter = letters.lines()
                .filter(text -> text.contains(run))
                .findFirst()
                .orElseThrow()
                .split(" +")[1];
        Said shown = line.command("dead-letters", "show", "images.purified", letter);
        assertThat(shown.out()).contains("EVENT_UNREADABLE", "3 bytes");
        assertThat(line.command("dead-letters", "replay", "images.purified").out())
                .contains("sent back");
        // Still poison: it comes back as a new letter.
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            String again = line.command("dead-letters", "ls").out();
            return again.contains(run) && !again.contains(" " + letter + " ");
        });
    }
}
