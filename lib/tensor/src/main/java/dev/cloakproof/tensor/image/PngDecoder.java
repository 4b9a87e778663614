package dev.cloakproof.tensor.image;

import static dev.cloakproof.tensor.image.Picture.CHANNELS;

import dev.cloakproof.tensor.image.PictureException.Reason;
import java.nio.ByteBuffer;

/**
 * Decodes a PNG to 8-bit RGB. A decoder of our own, as the JDK's changes grey levels by its colour conversion and tells
 * nothing of what was wrong with a file. Source: PNG specification (W3C, third edition), sections 7 to 9.
 */
final class PngDecoder {
    /** One interlace pass: the pixels from (x, y) on, every dx-th of every dy-th row. */
    private record Pass(int x, int y, int dx, int dy) {
        int width(PngHeader header) {
            return (header.width() - x + dx - 1) / dx;
        }

        int height(PngHeader header) {
            return (header.height() - y + dy - 1) / dy;
        }
    }

    private static final Pass[] WHOLE = {new Pass(0, 0, 1, 1)};
    private static final Pass[] ADAM7 = {
        new Pass(0, 0, 8, 8),
        new Pass(4, 0, 8, 8),
        new Pass(0, 4, 4, 8),
        new Pass(2, 0, 4, 4),
        new Pass(0, 2, 2, 4),
        new Pass(1, 0, 2, 2),
        new Pass(0, 1, 1, 2)
    };

    /**
     * What came out.
     *
     * @param ends whether the compressed data holds the rows and nothing else
     */
    record Decoded(Picture picture, boolean ends) {}

    private final PngHeader header;
    private final byte[] palette;
    private final byte[] rgb;

    private PngDecoder(PngHeader header, byte[] palette) {
        this.header = header;
        this.palette = palette;
        this.rgb = Picture.samples(header.width(), header.height());
    }

    static Decoded decode(PngChunks chunks) {
        PngHeader header = chunks.header();
        if (header.colourType() == PngHeader.ColourType.GREY && header.depth() == 16) {
            throw new PictureException(
                    Reason.UNSUPPORTED, "16-bit grey PNG: Pillow would turn all levels above 255 to white");
        }
        PngDecoder decoder = new PngDecoder(header, palette(chunks));
        Pass[] passes = header.interlaced() ? ADAM7 : WHOLE;
        try (PngData data = new PngData(chunks.all("IDAT"), length(header, passes))) {
            if (header.asDecoded()) {
                decoder.rows(data);
            } else {
                for (Pass pass : passes) {
                    decoder.pass(pass, data);
                }
            }
            return new Decoded(Picture.adopt(header.width(), header.height(), decoder.rgb), data.ends());
        }
    }

    /** Bytes of all rows with their filters. */
    private static long length(PngHeader header, Pass[] passes) {
        long length = 0;
        for (Pass pass : passes) {
            int width = pass.width(header);
            length += width <= 0 ? 0 : pass.height(header) * (1L + header.rowLength(width));
        }
        return length;
    }

    private static byte[] palette(PngChunks chunks) {
        if (chunks.header().colourType() != PngHeader.ColourType.PALETTE) {
            return new byte[0];
        }
        ByteBuffer data = chunks.first("PLTE")
                .orElseThrow(() -> new PictureException(Reason.MALFORMED, "a PNG with palette colours but no palette"));
        byte[] palette = new byte[data.remaining()];
        data.get(palette);
        return palette;
    }

    /** Samples that are the picture's as they are: they are undone where they will lie. */
    private void rows(PngData data) {
        int length = header.width() * CHANNELS;
        byte[] nothing = new byte[length];
        for (int row = 0; row < rgb.length; row += length) {
            PngFilter filter = PngFilter.of(data.readByte());
            data.readFully(rgb, row, length);
            byte[] aboves = row == 0 ? nothing : rgb;
            filter.undo(rgb, row, aboves, Math.max(row - length, 0), length, CHANNELS);
        }
    }

    private void pass(Pass pass, PngData data) {
        int width = pass.width(header);
        if (width <= 0) {
            return;
        }
        byte[] row = new byte[header.rowLength(width)];
        byte[] above = new byte[row.length];
        for (int y = 0; y < pass.height(header); y++) {
            PngFilter filter = PngFilter.of(data.readByte());
            data.readFully(row, 0, row.length);
            filter.undo(row, 0, above, 0, row.length, header.filterStep());
            int out = ((pass.y() + y * pass.dy()) * header.width() + pass.x()) * CHANNELS;
            store(row, width, out, pass.dx() * CHANNELS);
            byte[] done = row;
            row = above;
            above = done;
        }
    }

    /** Spreads a row of samples over the picture. */
    private void store(byte[] row, int pixels, int out, int step) {
        int samples = header.colourType().samples();
        for (int x = 0; x < pixels; x++, out += step) {
            int first = x * samples;
            switch (header.colourType()) {
                case GREY, GREY_ALPHA -> store(out, level(row, first), level(row, first), level(row, first));
                case RGB, RGBA -> store(out, level(row, first), level(row, first + 1), level(row, first + 2));
                case PALETTE -> colour(out, sample(row, first));
            }
        }
    }

    private void store(int out, byte red, byte green, byte blue) {
        rgb[out] = red;
        rgb[out + 1] = green;
        rgb[out + 2] = blue;
    }

    private void colour(int out, int index) {
        int entry = index * CHANNELS;
        if (entry + CHANNELS > palette.length) {
            throw new PictureException(
                    Reason.MALFORMED, "PNG colour %d of a palette of %d".formatted(index, palette.length / CHANNELS));
        }
        store(out, palette[entry], palette[entry + 1], palette[entry + 2]);
    }

    /** A sample stretched to 0 to 255; of 16 bits the upper 8. */
    private byte level(byte[] row, int index) {
        return switch (header.depth()) {
            case 8 -> row[index];
            case 16 -> row[index * 2];
            default -> (byte) (sample(row, index) * 255 / ((1 << header.depth()) - 1));
        };
    }

    /** A sample of at most 8 bits as it is; the first in a byte lies in its upper bits. */
    private int sample(byte[] row, int index) {
        int depth = header.depth();
        int bit = index * depth;
        return (row[bit >> 3] & 0xff) >> (8 - depth - (bit & 7)) & (1 << depth) - 1;
    }
}
