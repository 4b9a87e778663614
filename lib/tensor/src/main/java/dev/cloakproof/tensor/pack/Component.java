package dev.cloakproof.tensor.pack;

import java.util.List;

/**
 * One network or model of a pack.
 *
 * @param family what it is, and so what can load it: {@code stable-diffusion}, {@code x4-upscaler}, {@code codeformer},
 *     {@code retinaface}, {@code parsenet} ...
 * @param path its folder or file, relative to the pack
 * @param licence SPDX name, or the licence's own
 * @param files all files that belong to it
 */
public record Component(String family, String path, String licence, List<PackFile> files) {
    public Component {
        if (files == null) {
            throw new IllegalArgumentException("a component without files");
        }
        files = List.copyOf(files);
    }

    /**
     * A file and what it must be.
     *
     * @param path relative to the pack
     * @param bytes its length
     * @param sha256 of its content, 64 hexadecimal digits
     */
    public record PackFile(String path, long bytes, String sha256) {}
}
