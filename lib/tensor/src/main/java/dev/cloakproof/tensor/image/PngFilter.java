package dev.cloakproof.tensor.image;

import dev.cloakproof.tensor.image.PictureException.Reason;

/** How a row of a PNG is told by its neighbours. Source: PNG specification (W3C, third edition), section 9. */
enum PngFilter {
    NONE,
    SUB,
    UP,
    AVERAGE,
    PAETH;

    private static final PngFilter[] BY_CODE = values();

    static PngFilter of(int code) {
        if (code >= BY_CODE.length) {
            throw new PictureException(Reason.MALFORMED, "PNG row filter " + code);
        }
        return BY_CODE[code];
    }

    /**
     * Turns differences into samples, in place.
     *
     * @param row the differences; the samples afterwards
     * @param above the samples of the row above; zeros for the first
     * @param step bytes from a sample to its left neighbour
     */
    void undo(byte[] row, byte[] above, int step) {
        for (int i = 0; i < row.length; i++) {
            row[i] += (byte) prediction(row, above, i, step);
        }
    }

    /** Turns samples into differences. */
    void apply(byte[] row, byte[] above, int step, byte[] differences) {
        for (int i = 0; i < row.length; i++) {
            differences[i] = (byte) (row[i] - prediction(row, above, i, step));
        }
    }

    private int prediction(byte[] row, byte[] above, int i, int step) {
        int left = i < step ? 0 : row[i - step] & 0xff;
        int up = above[i] & 0xff;
        return switch (this) {
            case NONE -> 0;
            case SUB -> left;
            case UP -> up;
            case AVERAGE -> (left + up) / 2;
            case PAETH -> paeth(left, up, i < step ? 0 : above[i - step] & 0xff);
        };
    }

    /** The neighbour nearest to left + up - corner; left before up before corner where they tie. */
    private static int paeth(int left, int up, int corner) {
        int toLeft = Math.abs(up - corner);
        int toUp = Math.abs(left - corner);
        int toCorner = Math.abs(left + up - 2 * corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }
}
