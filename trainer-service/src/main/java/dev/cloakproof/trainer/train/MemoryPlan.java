package dev.cloakproof.trainer.train;

import dev.cloakproof.diffusion.text.ClipTextConfig;
import dev.cloakproof.diffusion.unet.UNetConfig;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.trainer.train.TrainingException.Reason;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a run will hold in memory, by part, worked out from shapes before anything is allocated. Weights, gradients and
 * state are exact but for small layers; activations are an estimate from what each kind of block keeps for its gradient:
 * for 152 million parameters, 32x32 latents and a batch of 2, 390 MiB planned and about 290 used.
 *
 * @param bytes by part, in the order in which they come to be
 */
public record MemoryPlan(Map<String, Long> bytes) {
    // Tensors of a block's width that its backward run reads.
    private static final int RESNET_IN = 3;
    private static final int RESNET_OUT = 4;
    private static final int TRANSFORMER = 36;
    private static final int TEXT_HIDDEN = 10;
    private static final int TEXT_INNER = 3;

    private static final Pattern BLOCK = Pattern.compile("(down_blocks|up_blocks|mid_block)\\.(?:(\\d+)\\.)?"
            + "(resnets|attentions)\\.(\\d+)\\.(?:conv1\\.weight|transformer_blocks\\.\\d+\\.norm1\\.weight)");

    public MemoryPlan {
        bytes = new LinkedHashMap<>(bytes);
    }

    static MemoryPlan of(DiffusionModel model, TrainingSpec spec, TrainingPictures pictures) {
        Map<String, Long> parts = new LinkedHashMap<>();
        Parameters unet = model.unet().parameters();
        Parameters encoder = model.encoder().parameters();
        parts.put(
                "weights",
                unet.bytes()
                        + encoder.bytes()
                        + model.autoencoder().parameters().bytes());
        long trained = spec.lora()
                .map(lora -> loraElements(unet, lora) + (spec.textEncoder() ? loraElements(encoder, lora) : 0))
                .orElse((unet.bytes() + (spec.textEncoder() ? encoder.bytes() : 0)) / Float.BYTES);
        if (spec.lora().isPresent()) {
            parts.put("adapters", trained * Float.BYTES);
        }
        // While batches accumulate, the sum and the newest gradients exist at once.
        parts.put("gradients", trained * Float.BYTES * (spec.accumulation() > 1 ? 2 : 1));
        parts.put("optimizer state", (long) (trained * spec.optimizer().stateBytes()));
        if (spec.averageDecay() > 0) {
            parts.put("moving average", trained * Float.BYTES);
        }
        int factor = model.autoencoder().config().factor();
        long side = spec.resolution() / factor;
        long count = pictures.instance().size() + pictures.prior().size();
        parts.put(
                "cached latents",
                2 * count * side * side * model.unet().config().inChannels() * Float.BYTES);
        int batch = spec.batchSize() * (pictures.prior().isEmpty() ? 1 : 2);
        parts.put("activations", activations(model, spec, batch, side));
        return new MemoryPlan(parts);
    }

    private static long loraElements(Parameters parameters, LoraSpec lora) {
        return Trainables.attentionLayers(parameters).stream()
                .mapToLong(layer -> {
                    long[] shape = parameters.all().get(layer + ".weight").shape();
                    return lora.rank() * (shape[0] + shape[1]);
                })
                .sum();
    }

    private static long activations(DiffusionModel model, TrainingSpec spec, int batch, long side) {
        int size = spec.compute() == DType.BF16 ? 2 : Float.BYTES;
        Activations unet = unet(model.unet().config(), model.unet().parameters(), side);
        Activations text = text(model.encoder().config(), spec.textEncoder());
        long kept = spec.recompute() ? unet.between + text.between : unet.inside + text.inside;
        long peak = spec.recompute() ? Math.max(unet.largest, text.largest) : 0;
        // Float32 parameters are cast for each call; the copies stay as long as the block's activations do.
        long cast = size == Float.BYTES || spec.recompute()
                ? 0
                : model.unet().parameters().bytes() / 2;
        return (kept + peak) * batch * size + cast;
    }

    /** Elements for one picture: inside all blocks, between blocks, and inside the largest. */
    private record Activations(long inside, long between, long largest) {}

    private static Activations unet(UNetConfig config, Parameters parameters, long side) {
        // A residual block and the transformer after it are one segment.
        Map<String, Long> segments = new LinkedHashMap<>();
        long between = 0;
        for (String name : parameters.all().keySet()) {
            Matcher block = BLOCK.matcher(name);
            if (!block.matches()) {
                continue;
            }
            int level =
                    switch (block.group(1)) {
                        case "down_blocks" -> Integer.parseInt(block.group(2));
                        case "up_blocks" -> config.last() - Integer.parseInt(block.group(2));
                        default -> config.last();
                    };
            long pixels = (side >> level) * (side >> level);
            long[] shape = parameters.all().get(name).shape();
            boolean resnet = block.group(3).equals("resnets");
            long inside = resnet ? RESNET_IN * shape[1] + RESNET_OUT * shape[0] : TRANSFORMER * shape[0];
            between += resnet ? 2 * shape[0] * pixels : 0;
            segments.merge(block.group(1) + block.group(2) + "." + block.group(4), inside * pixels, Long::sum);
        }
        return new Activations(
                segments.values().stream().mapToLong(Long::longValue).sum(),
                between,
                segments.values().stream().mapToLong(Long::longValue).max().orElse(0));
    }

    private static Activations text(ClipTextConfig config, boolean trained) {
        long tokens = config.positions();
        long layer =
                tokens * (TEXT_HIDDEN * (long) config.hiddenSize() + TEXT_INNER * (long) config.intermediateSize());
        long between = tokens * config.hiddenSize() * (config.layers() + 2L);
        return trained ? new Activations(layer * config.layers(), between, layer) : new Activations(0, 0, layer);
    }

    public long total() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * @param available bytes
     * @throws TrainingException with {@link Reason#NO_MEMORY} and the table, if the plan does not fit
     */
    public void require(long available) {
        if (total() > available) {
            throw new TrainingException(
                    Reason.NO_MEMORY,
                    "training needs more memory than there is:\n" + table()
                            + row("available", available)
                            + "less is needed with LoRA, 8-bit moments, recomputation, bfloat16, or a frozen text encoder");
        }
    }

    /** One line a part, in MiB. */
    public String table() {
        return Stream.concat(bytes.entrySet().stream(), Stream.of(Map.entry("total", total())))
                .map(entry -> row(entry.getKey(), entry.getValue()))
                .reduce("", String::concat);
    }

    private static String row(String name, long bytes) {
        return String.format(Locale.ROOT, "%-16s %10.1f MiB%n", name, bytes / (double) (1 << 20));
    }
}
