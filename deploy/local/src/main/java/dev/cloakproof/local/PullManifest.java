package dev.cloakproof.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A pack that is to be downloaded: a pack's manifest in which every file also says where it comes from.
 *
 * <pre>{@code
 * {"name": "sd21", "licences": ["OpenRAIL++-M: https://..."], "components": {"diffusion": {..., "files": [
 *   {"path": "sd/unet/config.json", "bytes": 1000, "sha256": "...", "url": "https://..."}]}}}
 * }</pre>
 *
 * @param licences what has to be accepted, one line each
 * @param pack the manifest of the pack as it will lie in its folder
 */
record PullManifest(String name, List<String> licences, List<Item> files, ObjectNode pack) {
    private static final JsonMapper JSON = new JsonMapper();

    /** A file to download. */
    record Item(String path, long bytes, String sha256, URI url) {}

    /** @throws LocalException if it is none */
    static PullManifest read(Path file) {
        try {
            JsonNode tree = JSON.readTree(Files.readAllBytes(file));
            if (!(tree instanceof ObjectNode pack)
                    || !pack.path("name").asText().matches("[a-z0-9][a-z0-9._-]*")) {
                throw new LocalException(file + " is no manifest of a pack to pull: it has no name");
            }
            List<String> licences = new ArrayList<>();
            pack.path("licences").forEach(licence -> licences.add(licence.asText()));
            List<Item> files = new ArrayList<>();
            for (JsonNode component : pack.path("components")) {
                for (JsonNode node : component.path("files")) {
                    files.add(item(file, node));
                    ((ObjectNode) node).remove("url");
                }
            }
            pack.remove("licences");
            if (files.isEmpty() || licences.isEmpty()) {
                throw new LocalException(file + " is no manifest of a pack to pull: it has no files, or no licences");
            }
            return new PullManifest(pack.path("name").asText(), licences, files, pack);
        } catch (JsonProcessingException e) {
            throw new LocalException(file + " is no manifest: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new LocalException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Item item(Path file, JsonNode node) {
        String path = node.path("path").asText();
        String sha256 = node.path("sha256").asText();
        String url = node.path("url").asText();
        if (!path.matches("[\\w-][\\w.-]*(/[\\w-][\\w.-]*)*")
                || !sha256.matches("[0-9a-f]{64}")
                || !url.matches("https?://.+")
                || !node.path("bytes").isIntegralNumber()) {
            throw new LocalException(file + ": expected a file with path, bytes, sha256 and url, found " + node);
        }
        return new Item(path, node.path("bytes").asLong(), sha256, URI.create(url));
    }
}
