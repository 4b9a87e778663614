package dev.cloakproof.diffusion.tokenizer;

import dev.cloakproof.diffusion.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Tokenizer folders for tests. */
final class Vocabularies {
    private Vocabularies() {}

    static Path tiny(String style) {
        return Fixtures.folder("tokenizer-tiny-" + style);
    }

    /**
     * CLIP's whole vocabulary, unpacked into {@code folder}.
     *
     * @param style "sd1" or "sd2", which differ in what they pad with
     */
    static Path full(String style, Path folder) throws IOException {
        Path place = Files.createDirectories(folder.resolve(style));
        for (String name : List.of("vocab.json", "merges.txt")) {
            try (var packed = new GZIPInputStream(
                    Files.newInputStream(Fixtures.folder("tokenizer").resolve(name + ".gz")))) {
                Files.write(place.resolve(name), packed.readAllBytes());
            }
        }
        for (String name : List.of("special_tokens_map.json", "tokenizer_config.json")) {
            Files.copy(tiny(style).resolve(name), place.resolve(name));
        }
        return place;
    }
}
