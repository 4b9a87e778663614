package dev.cloakproof.evaluator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.tensor.pack.ModelPack;
import dev.cloakproof.tensor.weights.Checkpoint;
import dev.cloakproof.tensor.weights.SafetensorsWriter;
import dev.cloakproof.tensor.weights.TensorEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A pack of small random networks: a face detector, ArcFace, CLIP and LIQE with a tokenizer of bytes. What they say means
 * nothing; how it is put together does. It lacks VGG-Face and LPIPS.
 */
public final class TinyPack {
    public static final String NAME = "tiny";

    private static final Path VISION = Path.of("..", "lib", "vision", "src", "test", "resources", "fixtures");
    private static final Path TOKENIZER =
            Path.of("..", "lib", "diffusion", "src", "test", "resources", "fixtures", "tokenizer-tiny-sd1");
    private static final String TOKENS = "text_model.embeddings.token_embedding.weight";
    /** Every byte within and at the end of a word, and two special tokens. */
    private static final int VOCABULARY = 514;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final ObjectNode manifest = JSON.createObjectNode().put("name", NAME);

    private TinyPack(Path folder) {
        this.folder = folder;
    }

    /** Writes the pack into a folder of packs. */
    public static void write(Path packs) {
        try {
            var pack = new TinyPack(packs.resolve(NAME));
            Files.createDirectories(pack.folder);
            pack.copy("face-detector", "scrfd", VISION.resolve("scrfd").resolve("scrfd.onnx"));
            pack.copy("arcface", "arcface", VISION.resolve("arcface").resolve("arcface.onnx"));
            Path clip = pack.folder.resolve("clip.safetensors");
            widen(VISION.resolve("clip-hf").resolve("model.safetensors"), clip);
            pack.component("clip", "clip", "clip.safetensors", List.of(clip));
            pack.component("liqe", "liqe", "clip.safetensors", List.of(clip));
            pack.tokenizer();
            Files.writeString(pack.folder.resolve(ModelPack.MANIFEST), pack.manifest.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copy(String component, String family, Path file) throws IOException {
        Path copy = folder.resolve(file.getFileName());
        Files.write(copy, Files.readAllBytes(file));
        component(component, family, file.getFileName().toString(), List.of(copy));
    }

    private void component(String component, String family, String path, List<Path> files) throws IOException {
        ObjectNode node = manifest.withObject("/components/" + component)
                .put("family", family)
                .put("path", path)
                .put("licence", "none");
        for (Path file : files) {
            node.withArray("files")
                    .addObject()
                    .put("path", folder.relativize(file).toString())
                    .put("bytes", Files.size(file))
                    .put("sha256", ModelPack.sha256(file));
        }
    }

    private void tokenizer() throws IOException {
        Path target = Files.createDirectories(folder.resolve("tokenizer"));
        ObjectNode vocabulary = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> token :
                JSON.readTree(TOKENIZER.resolve("vocab.json").toFile()).properties()) {
            if (token.getValue().asInt() < VOCABULARY - 2) {
                vocabulary.set(token.getKey(), token.getValue());
            }
        }
        vocabulary.put("<|startoftext|>", VOCABULARY - 2).put("<|endoftext|>", VOCABULARY - 1);
        List<Path> files = new ArrayList<>();
        files.add(Files.writeString(target.resolve("vocab.json"), vocabulary.toString()));
        files.add(Files.writeString(target.resolve("merges.txt"), "#version: 0.2\n"));
        for (String name : List.of("special_tokens_map.json", "tokenizer_config.json")) {
            files.add(Files.write(target.resolve(name), Files.readAllBytes(TOKENIZER.resolve(name))));
        }
        component("tokenizer", "clip-tokenizer", "tokenizer", files);
    }

    /** Copies a CLIP and repeats its embeddings of tokens until there are enough. */
    private static void widen(Path from, Path to) {
        try (Checkpoint checkpoint = Checkpoint.open(from)) {
            List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
            for (TensorEntry entry : checkpoint.entries().values()) {
                MemorySegment bytes = checkpoint.bytes(entry);
                boolean tokens = entry.name().equals(TOKENS);
                tensors.add(new SafetensorsWriter.Tensor(
                        entry.name(),
                        entry.type(),
                        tokens ? List.of((long) VOCABULARY, entry.shape().get(1)) : entry.shape(),
                        () -> tokens ? repeated(bytes, entry) : bytes));
            }
            SafetensorsWriter.write(to, tensors, Map.of());
        }
    }

    private static MemorySegment repeated(MemorySegment rows, TensorEntry entry) {
        long row = rows.byteSize() / entry.shape().get(0);
        byte[] all = new byte[Math.toIntExact(row * VOCABULARY)];
        for (int i = 0; i < all.length; i++) {
            all[i] = rows.get(ValueLayout.JAVA_BYTE, i % rows.byteSize());
        }
        return MemorySegment.ofArray(all);
    }
}
