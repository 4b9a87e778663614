package dev.cloakproof.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.FileObjectStore;
import dev.cloakproof.platform.events.EventCodec;
import dev.cloakproof.platform.events.EventType;
import dev.cloakproof.platform.events.KafkaSettings;
import dev.cloakproof.v1.DeleteSubjectRequest;
import dev.cloakproof.v1.DeletionSummary;
import dev.cloakproof.v1.ListRunsRequest;
import dev.cloakproof.v1.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A running line of which parts can be killed and stopped, and into whose store and log one can look. */
final class FaultyLine implements AutoCloseable {
    /** A condition that never comes is rare, and a busy machine is slow. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    /** Room for what all tests store, and little enough to be filled at once. */
    private static final String SMALL = "size=192m";

    /** What each stage and the index read. */
    private static final Map<String, List<String>> GROUPS = Map.of(
            "purifier", List.of("upload.received"),
            "trainer", List.of("images.purified"),
            "sampler", List.of("model.trained"),
            "evaluator", List.of("images.sampled"),
            "evaluator-index",
                    Stream.concat(EventType.OF_RUNS.stream(), Stream.of(EventType.STORAGE_RELEASED))
                            .map(EventType::topic)
                            .toList(),
            "purifier-forgetting", List.of("subject.deleted"),
            "trainer-forgetting", List.of("subject.deleted"));

    final LineFixture fixture;
    final BlobStore blobs;
    private final Path ballast;
    private boolean smallDisk;

    FaultyLine() throws IOException {
        fixture = started();
        blobs = new BlobStore(new FileObjectStore(fixture.home.store()));
        ballast = fixture.home.store().resolve(".ballast");
    }

    private LineFixture started() throws IOException {
        Path[] mounted = new Path[1];
        try {
            return new LineFixture(
                    Map.of(
                            // A dead member of a group is missed sooner, which is all that this changes.
                            "cloakproof.kafka.properties.\"session.timeout.ms\"", "15000",
                            "cloakproof.kafka.properties.\"heartbeat.interval.ms\"", "2000",
                            "cloakproof.purifier.upload.settle", "1s"),
                    home -> {
                        mounted[0] = home.store();
                        smallDisk = command(
                                        "mount",
                                        "-t",
                                        "tmpfs",
                                        "-o",
                                        SMALL,
                                        "tmpfs",
                                        home.store().toString())
                                == 0;
                    });
        } catch (RuntimeException | IOException e) {
            if (smallDisk) {
                command("umount", mounted[0].toString());
            }
            throw e;
        }
    }

    private static int command(String... words) {
        try {
            return new ProcessBuilder(words).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for what can be seen on the disk, and is over soon. */
    static void until(String what, BooleanSupplier reached) {
        await(what).pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).until(reached::getAsBoolean);
    }

    /** Waits for what others have to be asked for. */
    static void untilSaid(String what, BooleanSupplier reached) {
        await(what).pollInterval(Duration.ofMillis(250)).atMost(PATIENCE).until(reached::getAsBoolean);
    }

    /** Begins a run: the same pictures, parameters and seed each time, so the same model and pictures. */
    String begin(String subject) {
        LineFixture.Said said = fixture.run(
                subject,
                "--method",
                "tvm | tvm | tvm",
                "--steps",
                "20",
                "--pictures-per-prompt",
                "3",
                "--sampling-steps",
                "20",
                "--detach");
        assertThat(said.code()).as(said.err()).isZero();
        return said.out().strip();
    }

    /** The run when it is final. */
    Run ended(String name) {
        try (LineClient client = new LineClient(fixture.state)) {
            return new Follower(client).follow(name, _ -> {});
        }
    }

    List<Run> runsOf(String subject) {
        try (LineClient client = new LineClient(fixture.state)) {
            return client.runs()
                    .listRuns(ListRunsRequest.newBuilder().setSubject(subject).build())
                    .getRunsList();
        }
    }

    /** Has a subject deleted. */
    DeletionSummary delete(String subject) {
        try (LineClient client = new LineClient(fixture.state)) {
            return client.runs()
                    .deleteSubject(DeleteSubjectRequest.newBuilder()
                            .setSubject(subject)
                            .build())
                    .getSummary();
        }
    }

    /** Files of the store below a folder, by their paths in it. */
    Set<String> files(String folder) {
        Path root = fixture.home.store();
        if (!Files.isDirectory(root.resolve(folder))) {
            return Set.of();
        }
        try (Stream<Path> walk = Files.walk(root.resolve(folder))) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException | UncheckedIOException movesMeanwhile) {
            return files(folder);
        }
    }

    /** Files of the store, but for the audit log, and of the services' work folders in which a text stands. */
    List<Path> mentioning(String text) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path root : List.of(fixture.home.store(), fixture.home.folder().resolve("work"))) {
            try (Stream<Path> walk = Files.walk(root)) {
                for (Path file : walk.filter(Files::isRegularFile).toList()) {
                    String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    if (!file.toString().contains("/audit/") && content.contains(text)) {
                        found.add(file);
                    }
                }
            }
        }
        return found;
    }

    private ProcessHandle process(String child) {
        return state().children().get(child).process().orElseThrow();
    }

    private LineState state() {
        return new Lines(fixture.home).running().orElseThrow();
    }

    /** SIGKILL; returns when it has gone, and nothing of it is there until it is started again. */
    LineState.Started kill(String child) {
        LineState.Started victim = state().children().get(child);
        ProcessHandle process = victim.process().orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        return victim;
    }

    /** Waits until the supervisor has put another in a dead one's place. */
    void replaced(String child, LineState.Started victim) {
        untilSaid("another " + child, () -> !state().children().get(child).equals(victim));
    }

    /** SIGSTOP: it is there and does nothing. */
    void halt(String child) {
        assertThat(command("kill", "-STOP", Long.toString(process(child).pid())))
                .isZero();
    }

    /** SIGCONT. */
    void go(String child) {
        assertThat(command("kill", "-CONT", Long.toString(process(child).pid())))
                .isZero();
    }

    /** Objects of a stage of a run in the store, such as {@code lease.json} and {@code result.pb}. */
    List<Path> stored(String run, String stage) {
        Path folder = fixture.home.store().resolve(run).resolve(stage);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).toList();
        } catch (IOException | UncheckedIOException movesMeanwhile) {
            return List.of();
        }
    }

    boolean hasResult(String run, String stage) {
        return stored(run, stage).stream().anyMatch(file -> file.endsWith("result.pb"));
    }

    /** Whether any checkpoint of a training lies in the trainer's work folder. */
    boolean trains() {
        Path trainings = fixture.home.folder().resolve("work/trainer/trainings");
        if (!Files.isDirectory(trainings)) {
            return false;
        }
        try (Stream<Path> walk = Files.walk(trainings)) {
            return walk.anyMatch(file -> file.getFileName().toString().equals("curve.jsonl"));
        } catch (IOException | UncheckedIOException movesMeanwhile) {
            return false;
        }
    }

    /** Where a blob lies. */
    Path file(String sha256) throws IOException {
        try (Stream<Path> walk = Files.walk(fixture.home.store().resolve("blobs"))) {
            return walk.filter(file -> file.endsWith(sha256)).findFirst().orElseThrow();
        }
    }

    boolean diskIsSmall() {
        return smallDisk;
    }

    /** Leaves no room in the store. */
    void fillDisk() throws IOException {
        try (var out = Files.newOutputStream(ballast)) {
            byte[] page = new byte[4096];
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left on device");
        }
    }

    void emptyDisk() throws IOException {
        Files.deleteIfExists(ballast);
    }

    void send(ProducerRecord<String, byte[]> record) {
        Map<String, Object> properties = Map.of("bootstrap.servers", fixture.state.broker());
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends the first event of a run on a topic once more, to the letter. */
    void sendAgain(String topic, String run) {
        ConsumerRecord<String, byte[]> record = records(topic, run).getFirst();
        send(new ProducerRecord<>(topic, null, record.key(), record.value(), record.headers()));
    }

    /** All records of a run on a topic. */
    List<ConsumerRecord<String, byte[]>> records(String topic, String run) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", fixture.state.broker(), "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (run.equals("runs/" + record.key())) {
                        found.add(record);
                    }
                });
            }
            return found;
        }
    }

    /** Different events of a run on a topic; one that was published again counts once. */
    <M extends com.google.protobuf.Message> long events(EventType<M> type, String run) {
        return records(type.topic(), run).stream()
                .map(record -> EventCodec.read(type, record).id())
                .distinct()
                .count();
    }

    /** Waits until everybody has dealt with everything that was published. */
    void quiet() {
        try (Admin admin = Admin.create(new KafkaSettings(fixture.state.broker()).admin());
                var consumer = new KafkaConsumer<>(
                        Map.<String, Object>of("bootstrap.servers", fixture.state.broker()),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            untilSaid(
                    "all is dealt with",
                    () -> GROUPS.entrySet().stream().allMatch(group -> {
                        Set<TopicPartition> partitions = Set.copyOf(group.getValue().stream()
                                .map(topic -> new TopicPartition(topic, 0))
                                .toList());
                        Map<TopicPartition, OffsetAndMetadata> done = committed(admin, group.getKey());
                        return consumer.endOffsets(partitions).entrySet().stream()
                                .allMatch(end -> Optional.ofNullable(done.get(end.getKey()))
                                                .map(OffsetAndMetadata::offset)
                                                .orElse(0L)
                                        >= end.getValue());
                    }));
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group) {
        try {
            return admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
        } catch (ExecutionException notYet) {
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until the broker has struck a halted service off its group. */
    void struckOff(String group) {
        try (Admin admin = Admin.create(new KafkaSettings(fixture.state.broker()).admin())) {
            untilSaid(group + " has left its group", () -> {
                try {
                    return admin.describeConsumerGroups(List.of(group))
                            .describedGroups()
                            .get(group)
                            .get()
                            .members()
                            .isEmpty();
                } catch (ExecutionException notYet) {
                    return false;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Override
    public void close() {
        fixture.close();
        if (smallDisk) {
            command("umount", fixture.home.store().toString());
        }
    }
}
