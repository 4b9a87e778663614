package dev.cloakproof.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloakproof.portraits.Domain;
import dev.cloakproof.portraits.catalog.Domains;
import dev.cloakproof.tensor.image.PictureWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws pictures of the synthetic world. */
@Command(
        name = "draw",
        mixinStandardHelpOptions = true,
        description = {
            "Draws portraits of people who do not exist, or artworks of styles that do not, from seeds (docs/portraits.md).",
            "Subjects of 900000 and more are held out: the mini pack never saw them.",
            "Writes PNGs, which hold what they show, and captions.json."
        })
final class Draw implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "OUT", description = "the folder to write to")
    private Path out;

    @Option(names = "--domain", defaultValue = "portraits", description = "portraits or artworks (${DEFAULT-VALUE})")
    private String domain;

    @Option(names = "--subject", defaultValue = "0", description = "seed of the person or style (${DEFAULT-VALUE})")
    private long subject;

    @Option(
            names = "--subjects",
            defaultValue = "1",
            description = "how many subjects, with seeds that follow (${DEFAULT-VALUE})")
    private int subjects;

    @Option(names = "--work", defaultValue = "0", description = "seed of the first photograph (${DEFAULT-VALUE})")
    private long work;

    @Option(names = "--count", defaultValue = "4", description = "pictures of each subject (${DEFAULT-VALUE})")
    private int count;

    @Option(names = "--size", defaultValue = "96", description = "side in pixels, 16 to 1024 (${DEFAULT-VALUE})")
    private int size;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Domain<?, ?> found = Domains.of(domain);
        if (subject < 0 || work < 0 || subjects < 1 || count < 1) {
            throw new IllegalArgumentException("seeds are 0 or more, and there is one picture at least");
        }
        ObjectNode captions = new JsonMapper().createObjectNode();
        Files.createDirectories(out);
        for (long one = subject; one < subject + subjects; one++) {
            for (long each = work; each < work + count; each++) {
                draw(found, one, each, captions);
            }
        }
        Files.writeString(out.resolve("captions.json"), captions.toPrettyString() + "\n");
        spec.commandLine().getOut().printf("%s: %d pictures%n", out, captions.size());
        return 0;
    }

    private void draw(Domain<?, ?> found, long one, long each, ObjectNode captions) throws IOException {
        String name = found.name() + "-" + one + "-" + each + ".png";
        String said = new JsonMapper()
                .createObjectNode()
                .put("operation", "draw")
                .put("domain", found.name())
                .put("subject", one)
                .put("work", each)
                .put("size", size)
                .toString();
        PictureWriter.write(
                out.resolve(name), PictureWriter.png(found.render(one, each, size), Map.of("cloakproof", said)));
        captions.put(name, found.caption(one, each, each, Optional.empty()));
    }
}
