package dev.cloakproof.tensor.image;

import dev.cloakproof.tensor.image.PictureException.Reason;

/**
 * How a row of a PNG is told by its neighbours. Source: PNG specification (W3C, third edition), section 9.
 *
 * <p>Each filter has loops of its own, and the first pixel, which has no left neighbour, stands before them: every
 * picture comes through here twice.
 */
enum PngFilter {
    NONE {
        @Override
        void undo(byte[] rows, int row, byte[] aboves, int above, int length, int step) {
            // The samples stand there.
        }

        @Override
        void apply(byte[] row, byte[] above, int step, byte[] differences) {
            System.arraycopy(row, 0, differences, 0, row.length);
        }
    },
    SUB {
        @Override
        void undo(byte[] rows, int row, byte[] aboves, int above, int length, int step) {
            for (int i = row + step; i < row + length; i++) {
                rows[i] += rows[i - step];
            }
        }

        @Override
        void apply(byte[] row, byte[] above, int step, byte[] differences) {
            System.arraycopy(row, 0, differences, 0, step);
            for (int i = step; i < row.length; i++) {
                differences[i] = (byte) (row[i] - row[i - step]);
            }
        }
    },
    UP {
        @Override
        void undo(byte[] rows, int row, byte[] aboves, int above, int length, int step) {
            for (int i = 0; i < length; i++) {
                rows[row + i] += aboves[above + i];
            }
        }

        @Override
        void apply(byte[] row, byte[] above, int step, byte[] differences) {
            for (int i = 0; i < row.length; i++) {
                differences[i] = (byte) (row[i] - above[i]);
            }
        }
    },
    AVERAGE {
        @Override
        void undo(byte[] rows, int row, byte[] aboves, int above, int length, int step) {
            for (int i = 0; i < step; i++) {
                rows[row + i] += (byte) ((aboves[above + i] & 0xff) >> 1);
            }
            for (int i = step; i < length; i++) {
                int left = rows[row + i - step] & 0xff;
                rows[row + i] += (byte) (left + (aboves[above + i] & 0xff) >> 1);
            }
        }

        @Override
        void apply(byte[] row, byte[] above, int step, byte[] differences) {
            for (int i = 0; i < step; i++) {
                differences[i] = (byte) (row[i] - ((above[i] & 0xff) >> 1));
            }
            for (int i = step; i < row.length; i++) {
                differences[i] = (byte) (row[i] - ((row[i - step] & 0xff) + (above[i] & 0xff) >> 1));
            }
        }
    },
    PAETH {
        @Override
        void undo(byte[] rows, int row, byte[] aboves, int above, int length, int step) {
            for (int i = 0; i < step; i++) {
                rows[row + i] += aboves[above + i]; // of nothing, up and nothing, up is the nearest
            }
            for (int i = step; i < length; i++) {
                rows[row + i] += (byte)
                        nearest(rows[row + i - step] & 0xff, aboves[above + i] & 0xff, aboves[above + i - step] & 0xff);
            }
        }

        @Override
        void apply(byte[] row, byte[] above, int step, byte[] differences) {
            for (int i = 0; i < step; i++) {
                differences[i] = (byte) (row[i] - above[i]);
            }
            for (int i = step; i < row.length; i++) {
                differences[i] =
                        (byte) (row[i] - nearest(row[i - step] & 0xff, above[i] & 0xff, above[i - step] & 0xff));
            }
        }
    };

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
     * @param rows holds the row of differences, and the samples afterwards
     * @param row where it begins
     * @param aboves holds the samples of the row above; zeros for the first. May be the same array
     * @param above where that begins
     * @param length bytes of a row, a step or more
     * @param step bytes from a sample to its left neighbour
     */
    abstract void undo(byte[] rows, int row, byte[] aboves, int above, int length, int step);

    /** Turns samples into differences. */
    abstract void apply(byte[] row, byte[] above, int step, byte[] differences);

    /** The neighbour nearest to left + up - corner; left before up before corner where they tie. */
    private static int nearest(int left, int up, int corner) {
        int toLeft = Math.abs(up - corner);
        int toUp = Math.abs(left - corner);
        int toCorner = Math.abs(left + up - 2 * corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }
}
