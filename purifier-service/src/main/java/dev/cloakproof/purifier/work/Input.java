package dev.cloakproof.purifier.work;

import dev.cloakproof.platform.blob.Blob;
import dev.cloakproof.platform.blob.Sha256;
import dev.cloakproof.service.records.StoredPictures;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureFile;

/** A picture as it was given. */
public sealed interface Input {
    /** What a record calls it. */
    Blob blob();

    /** Bytes as it was given. */
    int size();

    /** @throws dev.cloakproof.platform.errors.CloakproofException PICTURE_INVALID */
    PictureFile open();

    /**
     * A file's content, judged by its magic bytes.
     *
     * @param bytes given away: nobody writes to them any more
     */
    record Encoded(byte[] bytes) implements Input {
        @Override
        public Blob blob() {
            return new Blob(Sha256.of(bytes), bytes.length, mediaType());
        }

        @Override
        public int size() {
            return bytes.length;
        }

        @Override
        public PictureFile open() {
            return StoredPictures.open("", bytes);
        }

        /** Only PNG and JPEG are read, and JPEG begins with its start marker. */
        private String mediaType() {
            boolean jpeg = bytes.length > 1 && bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xd8;
            return jpeg ? "image/jpeg" : "image/png";
        }
    }

    /**
     * Samples without a file around them.
     *
     * @param width 1 or more
     * @param height 1 or more
     * @param rgb (row, column, channel), height * width * 3 unsigned bytes, given away
     */
    record Samples(int width, int height, byte[] rgb) implements Input {
        @Override
        public Blob blob() {
            return new Blob(Sha256.of(rgb), rgb.length, "application/octet-stream");
        }

        @Override
        public int size() {
            return rgb.length;
        }

        @Override
        public PictureFile open() {
            return PictureFile.of(Picture.of(width, height, rgb));
        }
    }
}
