package dev.cloakproof.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cloakproof.local.LineFixture.Said;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs {@code client.py}: {@code CLOAKPROOF_PYTHON} names the Python, otherwise it is the path's. */
record PythonClient(String python) {
    private static final String SCRIPT = "src/test/python/client.py";

    /** Skips the test where there is no Python with the packages of {@code requirements.txt}. */
    static PythonClient find() throws InterruptedException {
        String named = System.getenv("CLOAKPROOF_PYTHON");
        String python = named == null ? "python3" : named;
        assumeTrue(
                imports(python),
                python + " has no grpcio-tools or no tritonclient (deploy/local/src/test/python/requirements.txt):"
                        + " the client in Python is NOT tested. CLOAKPROOF_PYTHON names another Python.");
        return new PythonClient(python);
    }

    private static boolean imports(String python) throws InterruptedException {
        try {
            return new ProcessBuilder(python, "-c", "import grpc, grpc_tools, numpy, tritonclient.grpc")
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException none) {
            return false;
        }
    }

    Said run(Path pictures, String purifier, String evaluator) throws IOException, InterruptedException {
        Path out = Files.createTempFile(Path.of("target"), "python", ".out");
        Path err = Files.createTempFile(Path.of("target"), "python", ".err");
        List<String> command = new ArrayList<>(List.of(python, SCRIPT));
        command.addAll(List.of("../../proto/src/main/proto", pictures.toString(), purifier, evaluator));
        int code = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start()
                .waitFor();
        return new Said(code, Files.readString(out), Files.readString(err));
    }
}
