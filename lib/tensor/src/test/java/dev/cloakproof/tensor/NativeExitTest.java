package dev.cloakproof.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeExitTest {
    private static final int SIGTERM = 143;

    @TempDir
    private Path folder;

    /** Computes gradients, a second in one native call, until it is killed; says once that it has begun. */
    static final class Endless {
        public static void main(String[] arguments) {
            try (var _ = Scope.open()) {
                Tensor x = Autograd.variable(Generator.seeded(1).normal(1200, 1200));
                Tensor y = x;
                for (int i = 0; i < 12; i++) {
                    y = y.matmul(x).mul(0.03);
                }
                Tensor loss = y.sum();
                List<Tensor> heads = List.of(Tensor.ones());
                Autograd.grad(List.of(loss), heads, List.of(x), true);
                System.out.println("computing");
                while (true) {
                    Autograd.grad(List.of(loss), heads, List.of(x), true);
                }
            }
        }
    }

    /** The JVM waits some tenths of a second for threads in native code, then leaves while they compute. */
    @Test
    void aProcessThatIsToldToEndInTheMiddleOfAStepEndsAndDoesNotCrash() throws Exception {
        for (int i = 0; i < 6; i++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Endless.class.getName())
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
                assertThat(said.readLine()).isEqualTo("computing");
                // Unlike the process, its handle leaves the streams open.
                process.toHandle().destroy();
                assertThat(said.readLine()).isNull();
            }
            assertThat(process.waitFor()).isEqualTo(SIGTERM);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
