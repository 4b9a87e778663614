package dev.cloakproof.sampler.sample.watermark;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What the mark says of where a picture comes from: the first 24 bits of the SHA-256 of the origin's name. It confirms an
 * origin that is known from elsewhere; another one has the same tag once in 16.8 million.
 *
 * @param bits 0 to 2^24, exclusively
 */
public record RunTag(int bits) {
    public RunTag {
        if (bits < 0 || bits >= Codewords.TAGS) {
            throw new IllegalArgumentException("a tag has 24 bits, found " + bits);
        }
    }

    /** @param origin a resource name, such as {@code runs/r-1} */
    public static RunTag of(String origin) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(origin.getBytes(StandardCharsets.UTF_8));
            return new RunTag((hash[0] & 0xff) << 16 | (hash[1] & 0xff) << 8 | hash[2] & 0xff);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** 6 hexadecimal digits. */
    @Override
    public String toString() {
        return "%06x".formatted(bits);
    }
}
