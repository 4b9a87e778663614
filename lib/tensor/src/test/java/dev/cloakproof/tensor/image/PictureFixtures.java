package dev.cloakproof.tensor.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Picture files and what Pillow reads from them; made by src/test/python/make_picture_fixtures.py. */
final class PictureFixtures {
    private PictureFixtures() {}

    static byte[] file(String name) {
        return ResizeFixtures.resource("pictures/" + name);
    }

    /** File to picture, for those that Pillow and we both read. */
    static Map<String, Picture> expected() {
        Map<String, Picture> pictures = new LinkedHashMap<>();
        ResizeFixtures.json("pictures.json").get("files").properties().forEach(entry -> {
            if (!entry.getValue().isNull()) {
                pictures.put(entry.getKey(), picture(entry.getValue()));
            }
        });
        return pictures;
    }

    private static Picture picture(JsonNode node) {
        int width = node.get("width").asInt();
        int height = node.get("height").asInt();
        byte[] rgb = new byte[width * height * 3];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(Base64.getDecoder().decode(node.get("rgb").asText()));
            if (inflater.inflate(rgb) != rgb.length) {
                throw new IllegalStateException("a fixture cut off");
            }
        } catch (DataFormatException e) {
            throw new IllegalStateException(e);
        }
        return Picture.of(width, height, rgb);
    }

    /** The greatest difference of any sample of two pictures of one size. */
    static int greatestDifference(Picture one, Picture other) {
        byte[] a = one.rgb();
        byte[] b = other.rgb();
        if (one.width() != other.width() || a.length != b.length) {
            throw new IllegalArgumentException(one + " and " + other);
        }
        int greatest = 0;
        for (int i = 0; i < a.length; i++) {
            greatest = Math.max(greatest, Math.abs((a[i] & 0xff) - (b[i] & 0xff)));
        }
        return greatest;
    }

    /** A copy with one byte changed. */
    static byte[] with(byte[] file, int at, int value) {
        byte[] changed = Arrays.copyOf(file, file.length);
        changed[at] = (byte) value;
        return changed;
    }
}
