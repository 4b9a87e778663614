package dev.cloakproof.local;

import dev.cloakproof.v1.AuthorizationRecord;
import dev.cloakproof.v1.CreateUploadRequest.Header;
import dev.cloakproof.v1.Picture;
import dev.cloakproof.v1.Preset;
import dev.cloakproof.v1.PurificationParameters;
import dev.cloakproof.v1.RunParameters;
import dev.cloakproof.v1.SamplingParameters;
import dev.cloakproof.v1.TrainingParameters;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Sends a folder of pictures through the line. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Sends protected pictures of one person through the line: purify, train, sample, score.",
            "Follows the run; Ctrl-C cancels it. Exit code 1: the run failed or was cancelled."
        })
final class RunCommand implements Callable<Integer> {
    enum Choice {
        paper(Preset.PRESET_PAPER),
        official(Preset.PRESET_OFFICIAL),
        corrected(Preset.PRESET_CORRECTED);

        private final Preset preset;

        Choice(Preset preset) {
            this.preset = preset;
        }
    }

    @ParentCommand
    private Main main;

    @Mixin
    private Authorization authorization;

    @Parameters(index = "0", paramLabel = "DIR", description = "protected pictures, PNG or JPEG")
    private Path folder;

    @Option(names = "--subject", required = true, description = "whose pictures: lower-case letters, digits, dashes")
    private String subject;

    @Option(names = "--references", description = "a folder of clean pictures to compare with; never trained on")
    private Path references;

    @Option(names = "--pack", description = "the model pack (default: the line's)")
    private String pack = "";

    @Option(
            names = "--preset",
            description =
                    "whose numbers fill what is left out: ${COMPLETION-CANDIDATES} (default: the pack's own, then paper)")
    private Choice preset;

    @Option(names = "--method", description = "purification: a method or a chain, such as \"gaussian | jpeg\"")
    private String method = "";

    @Option(names = "--no-cdl", description = "train and draw without contrastive decoupling")
    private boolean withoutDecoupling;

    @Option(
            names = "--suffix",
            negatable = true,
            description = "end what is asked for in \"without\" the noise token, or not (default: what suits the pack)")
    private Boolean suffix;

    @Option(names = "--token", description = "the words that stand for the noise")
    private String token = "";

    @Option(names = "--steps", description = "training steps")
    private Integer steps;

    @Option(names = "--class-pictures", description = "prior pictures of the class")
    private Integer classPictures;

    @Option(names = "--prompts", description = "what to draw, one or more", arity = "1..*")
    private List<String> prompts = List.of();

    @Option(names = "--pictures-per-prompt", description = "how many of each")
    private Integer perPrompt;

    @Option(names = "--sampling-steps", description = "denoising steps of each picture")
    private Integer samplingSteps;

    @Option(names = "--seed", description = "of all stages")
    private Long seed;

    @Option(names = "--detach", description = "print the run's name and end")
    private boolean detach;

    @Option(names = "--json", description = "print the run as JSON when it is final")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        AuthorizationRecord record = authorization.record();
        List<Picture> pictures = PictureFiles.read(folder);
        List<Picture> clean = references == null ? List.of() : PictureFiles.read(references);
        LineState state = new Lines(main.home()).require();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (LineClient client = new LineClient(state)) {
            String run = client.upload(
                    Header.newBuilder()
                            .setSubject(subject)
                            .setAuthorization(record)
                            .setParameters(parameters())
                            .setRequestId(UUID.randomUUID().toString())
                            .build(),
                    pictures,
                    clean);
            (detach ? out : err).println(run);
            if (detach) {
                return 0;
            }
            err.flush();
            StageBars bars = new StageBars(
                    err, System.console() != null && System.console().isTerminal());
            try (var _ = new Interruption(() -> cancel(client, run, err))) {
                return Outcome.print(new Follower(client).follow(run, bars::show), state, json, out);
            }
        }
    }

    private static void cancel(LineClient client, String run, PrintWriter err) {
        client.cancel(run, "interrupted at the command line");
        err.println("\ncancelled " + run);
        err.flush();
    }

    private RunParameters parameters() {
        Preset chosen = preset == null ? Preset.PRESET_UNSPECIFIED : preset.preset;
        var purification = PurificationParameters.newBuilder().setPreset(chosen).setMethod(method);
        var training = TrainingParameters.newBuilder().setPreset(chosen).setNoiseToken(token);
        var sampling = SamplingParameters.newBuilder()
                .setPreset(chosen)
                .setNoiseToken(token)
                .addAllPrompts(prompts);
        if (withoutDecoupling) {
            training.setDecoupling(false);
            sampling.setDecoupling(false);
        }
        if (suffix != null) {
            sampling.setDecoupling(suffix);
        }
        if (seed != null) {
            purification.setSeed(seed);
            training.setSeed(seed);
            sampling.setSeed(seed);
        }
        if (steps != null) {
            training.setSteps(steps);
        }
        if (classPictures != null) {
            training.setClassPictures(classPictures);
        }
        if (perPrompt != null) {
            sampling.setPicturesPerPrompt(perPrompt);
        }
        if (samplingSteps != null) {
            sampling.setSteps(samplingSteps);
        }
        return RunParameters.newBuilder()
                .setPack(pack)
                .setPurification(purification)
                .setTraining(training)
                .setSampling(sampling)
                .build();
    }
}
