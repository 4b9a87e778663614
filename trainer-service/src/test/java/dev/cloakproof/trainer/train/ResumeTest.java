package dev.cloakproof.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed with SIGKILL at steps before, at and after a checkpoint, and once while one is written. */
class ResumeTest {
    @TempDir
    private Path folder;

    @Test
    void aKilledFullFineTuningEndsInTheSameBits() throws Exception {
        assertKilledEqualsUnkilled("full", "step 2", "step 3", "step 10");
    }

    @Test
    void aKilledLoraTrainingWith8BitMomentsEndsInTheSameBits() throws Exception {
        assertKilledEqualsUnkilled("lora", "step 7");
    }

    private void assertKilledEqualsUnkilled(String kind, String... kills) throws Exception {
        Path straight = folder.resolve("straight");
        assertThat(run(kind, straight, null)).startsWith("start 0").endsWith("step 12");

        Path killed = folder.resolve("killed");
        for (String kill : kills) {
            assertThat(run(kind, killed, kill)).doesNotContain("step 12");
        }
        assertGoesOnToTheSameBits(kind, killed, straight);
    }

    /** No file may grow past 100 KiB in the second process, as on a disk that is full. */
    @Test
    void aRunWhoseDiskIsFullStopsAndLosesNothing() throws Exception {
        Path straight = folder.resolve("straight");
        run("full", straight, null);
        Path full = folder.resolve("full");
        run("full", full, "step 4");

        Process limited = start("full", full, List.of("bash", "-c", "ulimit -f 100; exec \"$@\"", "-"), true);
        String said = new String(limited.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(limited.waitFor()).isNotZero();
        assertThat(said)
                .contains(
                        "start 3",
                        "step 6",
                        "the checkpoint of step 6 cannot be written",
                        "step-000000003 is untouched");
        assertThat(full.resolve("checkpoints")).isDirectoryNotContaining("glob:**step-000000006*");

        assertGoesOnToTheSameBits("full", full, straight);
    }

    private static void assertGoesOnToTheSameBits(String kind, Path stopped, Path straight) throws Exception {
        List<String> last = run(kind, stopped, null);
        // It went on, and did not begin anew.
        assertThat(last.getFirst()).isNotEqualTo("start 0");
        assertThat(last.getLast()).isEqualTo("step 12");

        Map<String, byte[]> expected = files(straight.resolve("model"));
        Map<String, byte[]> found = files(stopped.resolve("model"));
        assertThat(found.keySet()).isEqualTo(expected.keySet()).isNotEmpty();
        expected.forEach((name, bytes) -> assertThat(found.get(name)).as(name).isEqualTo(bytes));
    }

    private static Process start(String kind, Path target, List<String> under, boolean errorsToo) throws IOException {
        var command = new ArrayList<>(under);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--enable-native") || argument.startsWith("-Dai.djl"))
                .forEach(command::add);
        command.addAll(List.of(
                "-Xmx400m",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                ResumeChild.class.getName(),
                kind,
                target.toString()));
        var builder = new ProcessBuilder(command).redirectErrorStream(errorsToo);
        return (errorsToo ? builder : builder.redirectError(ProcessBuilder.Redirect.INHERIT)).start();
    }

    /** What the child said; it is killed as soon as it says {@code kill}. */
    private static List<String> run(String kind, Path target, String kill) throws Exception {
        Process child = start(kind, target, List.of(), false);
        List<String> said = new ArrayList<>();
        try (BufferedReader lines = child.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                if (line.equals(kill)) {
                    kill(child);
                    break;
                }
            }
        }
        assertThat(child.waitFor()).isEqualTo(kill == null ? 0 : 128 + 9);
        return said;
    }

    /** SIGKILL, and the pipe stays open: closing it could end the child before the signal does. */
    private static void kill(Process child) {
        child.destroyForcibly();
        child.onExit().join();
    }

    private static Map<String, byte[]> files(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            Map<String, byte[]> files = new TreeMap<>();
            walk.filter(Files::isRegularFile)
                    .forEach(file -> files.put(root.relativize(file).toString(), read(file)));
            return files;
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
