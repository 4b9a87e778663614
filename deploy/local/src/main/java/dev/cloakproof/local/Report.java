package dev.cloakproof.local;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.BlobStore;
import dev.cloakproof.platform.blob.FileObjectStore;
import dev.cloakproof.v1.GetRunRequest;
import dev.cloakproof.v1.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows the report of a run. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Prints the scores of a run and where its report is; writes the report (HTML) with --out.")
final class Report implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Parameters(index = "0", paramLabel = "RUN", description = "as ls shows it")
    private String run;

    @Option(names = "--out", description = "a file for the report")
    private Path out;

    @Option(names = "--json", description = "print the run as JSON")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        LineState state = new Lines(main.home()).require();
        Run found;
        try (LineClient client = new LineClient(state)) {
            found = client.runs()
                    .getRun(GetRunRequest.newBuilder()
                            .setName(Outcome.name(run))
                            .build())
                    .getRun();
        }
        if (!Follower.isFinal(found)) {
            throw new LocalException(found.getName() + " is not final yet: ./cloakproof watch " + run);
        }
        int code = Outcome.print(found, state, json, spec.commandLine().getOut());
        if (out != null && found.hasReport()) {
            Blob report = new Blob(
                    found.getReport().getSha256(),
                    found.getReport().getSizeBytes(),
                    found.getReport().getMediaType());
            Files.write(out, new BlobStore(new FileObjectStore(main.home().store())).get(report));
        } else if (out != null) {
            throw new LocalException(found.getName() + " has no report");
        }
        return code;
    }
}
