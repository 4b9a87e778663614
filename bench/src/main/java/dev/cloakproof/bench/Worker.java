package dev.cloakproof.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.diffusion.text.ClipTextEncoder;
import dev.cloakproof.diffusion.unet.UNet;
import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.nn.Placement;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Our side of one measurement, in a process of its own so that its peak memory is its own. Steps and inputs are those of
 * {@code bench/reference/bench_reference.py}. Prints one line of JSON.
 */
@Command(name = "worker")
public final class Worker implements Runnable {
    enum Mode {
        unet,
        vae,
        text,
        sample,
        train,
        purify,
        score
    }

    @Parameters(index = "0")
    private Mode mode;

    @Option(names = "--model", required = true)
    private Path model;

    @Option(names = "--dtype", defaultValue = "F32")
    private DType dtype;

    @Option(names = "--threads", defaultValue = "2")
    private int threads;

    @Option(names = "--repeats", defaultValue = "5")
    private int repeats;

    @Option(names = "--warmup", defaultValue = "1")
    private int warmup;

    @Option(names = "--latent-size", defaultValue = "64")
    private int latentSize;

    @Option(names = "--recompute")
    private boolean recompute;

    @Option(names = "--block", defaultValue = "0")
    private int block;

    @Option(names = "--batch", defaultValue = "16")
    private int batch;

    @Option(names = "--clock", defaultValue = "wall")
    private Stages.Clock clock;

    @Override
    public void run() {
        Device.threads(threads);
        ObjectNode result = new ObjectMapper().createObjectNode().put("mode", mode.name());
        try (var _ = Scope.open()) {
            switch (mode) {
                case unet -> unet(result);
                case vae -> vae(result);
                case text -> text(result);
                case sample -> sample(result);
                case purify -> new PurifyStages(model, batch, stages(result)).measure(latentSize);
                case score -> new ScoreStages(model, batch, stages(result)).measure();
                case train -> TrainStep.measure(result, model, dtype, latentSize, recompute, block, warmup, repeats);
            }
        }
        result.put("peak_rss_bytes", Measurement.peakBytes())
                .put("threads", threads)
                .put("dtype", dtype.name());
        System.out.println(result);
    }

    private Stages stages(ObjectNode result) {
        return new Stages(result, batch, repeats, clock);
    }

    private Placement placement() {
        return Placement.REFERENCE.as(dtype);
    }

    private void unet(ObjectNode result) {
        long begun = System.nanoTime();
        try (UNet unet = UNet.load(model.resolve("unet"), placement())) {
            result.put("open_seconds", (System.nanoTime() - begun) / 1e9);
            steps(result, "unet", unetStep(unet, context(unet)));
        }
    }

    private void vae(ObjectNode result) {
        try (Autoencoder vae = Autoencoder.load(model.resolve("vae"), placement())) {
            int size = latentSize * vae.config().factor();
            Tensor latents = drawn(1, vae.config().latentChannels(), latentSize, latentSize);
            Tensor pixels = drawn(1, 3, size, size).clamp(-1, 1);
            steps(result, "decode", () -> vae.decode(latents));
            steps(result, "encode", () -> vae.encode(pixels).mean());
        }
    }

    private void text(ObjectNode result) {
        try (ClipTextEncoder encoder = ClipTextEncoder.load(model.resolve("text_encoder"), placement())) {
            Tensor ids = ids(encoder);
            steps(result, "text", () -> encoder.encode(ids));
        }
    }

    /** From process start over opening text encoder and UNet to the end of the first UNet step. */
    private void sample(ObjectNode result) {
        double started = Measurement.sinceStart();
        Tensor context;
        try (ClipTextEncoder encoder = ClipTextEncoder.load(model.resolve("text_encoder"), placement())) {
            context = encoder.encode(ids(encoder));
        }
        double encoded = Measurement.sinceStart();
        try (UNet unet = UNet.load(model.resolve("unet"), placement())) {
            double opened = Measurement.sinceStart();
            unetStep(unet, context).get();
            double finished = Measurement.sinceStart();
            result.put("first_step_seconds", finished);
            result.putObject("phases")
                    .put("start", started)
                    .put("open_text_encoder_and_encode", encoded - started)
                    .put("open_unet", opened - encoded)
                    .put("first_unet_step", finished - opened);
        }
    }

    private Supplier<Tensor> unetStep(UNet unet, Tensor context) {
        Tensor latents = drawn(2, unet.config().inChannels(), latentSize, latentSize);
        Tensor timesteps = Tensor.of(new long[] {981, 981}, 2);
        return () -> unet.predict(latents, timesteps, context);
    }

    private Tensor context(UNet unet) {
        return drawn(2, 77, unet.config().contextWidth());
    }

    static Tensor ids(ClipTextEncoder encoder) {
        return Generator.seeded(0)
                .integers(
                        0,
                        encoder.config().vocabularySize() - 2L,
                        2,
                        encoder.config().positions());
    }

    private Tensor drawn(long... shape) {
        return Generator.seeded(0).normal(shape).to(dtype);
    }

    private void steps(ObjectNode result, String name, Supplier<Tensor> step) {
        List<Double> seconds = Measurement.seconds(warmup, repeats, step);
        Measurement.put(result.withObject("/steps").putObject(name), seconds);
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Worker()).execute(arguments));
    }
}
