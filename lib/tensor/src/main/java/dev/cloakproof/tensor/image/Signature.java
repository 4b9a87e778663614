package dev.cloakproof.tensor.image;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Names the formats people upload in place of PNG and JPEG, so that the refusal can say which it was. */
final class Signature {
    private static final int SHOWN = 8;

    private Signature() {}

    static String describe(byte[] file) {
        if (file.length == 0) {
            return "an empty file";
        }
        String start = new String(file, 0, Math.min(file.length, 16), StandardCharsets.ISO_8859_1);
        if (start.startsWith("GIF8")) {
            return "GIF";
        }
        if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
            return "WebP";
        }
        if (start.startsWith("ftyp", 4)) {
            return "HEIF, AVIF or a film";
        }
        if (start.startsWith("BM")) {
            return "BMP";
        }
        if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
            return "TIFF";
        }
        if (start.chars().allMatch(c -> c >= ' ' && c < 127 || c == '\n' || c == '\r' || c == '\t')) {
            return "text";
        }
        return "bytes beginning with " + HexFormat.of().formatHex(file, 0, Math.min(file.length, SHOWN));
    }
}
