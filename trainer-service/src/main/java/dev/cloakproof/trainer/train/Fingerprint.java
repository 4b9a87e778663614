package dev.cloakproof.trainer.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Tells base models apart by content. */
final class Fingerprint {
    private static final List<String> PARTS = List.of("scheduler", "text_encoder", "unet", "vae");

    private Fingerprint() {}

    /** SHA-256 over the names and contents of all files of the parts that training reads. */
    static String of(Path model) {
        MessageDigest digest = TrainingPictures.sha256();
        var buffer = new byte[1 << 20];
        for (String part : PARTS) {
            try (Stream<Path> files = Files.list(model.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update((part + "/" + file.getFileName() + "\0").getBytes(StandardCharsets.UTF_8));
                    update(digest, file, buffer);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, Path file, byte[] buffer) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
    }
}
