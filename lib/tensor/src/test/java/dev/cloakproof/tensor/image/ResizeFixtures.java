package dev.cloakproof.tensor.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What Pillow answered; made by src/test/python/make_resize_fixtures.py. */
final class ResizeFixtures {
    record ResizeCase(String name, Picture source, Resampling filter, Box box, Picture expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    record BlurCase(String name, Picture source, float radiusX, float radiusY, Picture expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final byte[] PIXELS = resource("resize.bin");
    private static final JsonNode REPORT = json("resize.json");

    private ResizeFixtures() {}

    static byte[] resource(String name) {
        try (InputStream in = ResizeFixtures.class.getResourceAsStream("/image/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String name) {
        try {
            return new ObjectMapper().readTree(resource(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Picture source(String name) {
        return picture(REPORT.get("sources").get(name));
    }

    static List<ResizeCase> resizes() {
        return stream(REPORT.get("resizes")).map(ResizeFixtures::resize).toList();
    }

    static List<BlurCase> blurs() {
        return stream(REPORT.get("blurs")).map(ResizeFixtures::blur).toList();
    }

    private static ResizeCase resize(JsonNode node) {
        Picture source = source(node.get("source").asText());
        JsonNode edges = node.get("box");
        Box box = edges.isNull()
                ? Box.of(source)
                : new Box(edge(edges, 0), edge(edges, 1), edge(edges, 2), edge(edges, 3));
        Resampling filter = Resampling.valueOf(node.get("filter").asText());
        Picture expected = picture(node.get("expected"));
        String name = node.get("source").asText() + " " + source + " " + edges + " by " + filter + " to " + expected;
        return new ResizeCase(name, source, filter, box, expected);
    }

    private static BlurCase blur(JsonNode node) {
        JsonNode radius = node.get("radius");
        Picture source = source(node.get("source").asText());
        String name = node.get("source").asText() + " by " + radius;
        return new BlurCase(name, source, edge(radius, 0), edge(radius, 1), picture(node.get("expected")));
    }

    private static float edge(JsonNode edges, int index) {
        return (float) edges.get(index).asDouble();
    }

    private static Picture picture(JsonNode node) {
        int width = node.get("width").asInt();
        int height = node.get("height").asInt();
        int offset = node.get("offset").asInt();
        return Picture.of(width, height, Arrays.copyOfRange(PIXELS, offset, offset + width * height * 3));
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
