package dev.cloakproof.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say where nothing runs. */
class CommandsTest {
    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();

    private int run(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "--home";
        all[1] = folder.resolve("home").toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return Main.commandLine()
                .setOut(new PrintWriter(said))
                .setErr(new PrintWriter(said))
                .execute(all);
    }

    @Test
    void nothingIsTrainedWithoutARecord() {
        assertThat(run("run", folder.toString(), "--subject", "anna")).isEqualTo(1);
        assertThat(said.toString()).contains("--rights-holder", "--basis", "--reference");
    }

    @Test
    void aFolderWithoutPicturesIsRefused() {
        assertThat(run(
                        "run",
                        folder.toString(),
                        "--subject",
                        "anna",
                        "--rights-holder",
                        "anna",
                        "--basis",
                        "own",
                        "--reference",
                        "x"))
                .isEqualTo(1);
        assertThat(said.toString()).contains("no file whose name ends in .png");
    }

    @Test
    void whereNothingRunsCommandsSaySo() {
        assertThat(run("ls")).isEqualTo(1);
        assertThat(said.toString()).contains("./cloakproof up");
        assertThat(run("down")).isZero();
        assertThat(said.toString()).contains("nothing was running");
    }

    @Test
    void unusableArgumentsEndWithTwo() {
        assertThat(run("run")).isEqualTo(2);
        assertThat(run("watch")).isEqualTo(2);
        assertThat(run("run", folder.toString(), "--subject", "a", "--basis", "whim"))
                .isEqualTo(2);
    }

    @Test
    void theDemoSaysThatItsPackIsMissing() {
        assertThat(run("demo")).isEqualTo(1);
        assertThat(said.toString()).contains("mini");
    }

    @Test
    void aLineWhoseServicesAreNotPackagedDoesNotStartAndLeavesNothing() throws IOException {
        Home home = new Home(folder.resolve("checkout"), folder.resolve("home"));
        home.prepare();
        LineOptions options = new LineOptions();
        options.freePorts = true;
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Line.start(home, options)))
                .hasMessageContaining("quarkus-run.jar is missing");
        assertThat(Files.exists(home.state())).isFalse();
    }

    @Test
    void takenPortsAreNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(9101, 1, InetAddress.getLoopbackAddress())) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(Ports::usual))
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()))
                    .hasMessageContaining("--free-ports");
        } catch (java.net.BindException somebodyElse) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(Ports::usual))
                    .hasMessageContaining("9101");
        }
    }

    @Test
    void freePortsDiffer() {
        assertThat(Ports.free().values()).doesNotHaveDuplicates().hasSize(8);
    }
}
