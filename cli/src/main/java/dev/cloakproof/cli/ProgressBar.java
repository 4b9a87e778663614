package dev.cloakproof.cli;

import java.io.PrintWriter;

/** One line that says how far a batch is: redrawn in a terminal, a line a picture elsewhere. */
final class ProgressBar {
    private static final int WIDTH = 24;

    private final PrintWriter out;
    private final boolean terminal;
    private final int total;
    private int done;

    ProgressBar(PrintWriter out, boolean terminal, int total) {
        this.out = out;
        this.terminal = terminal;
        this.total = total;
    }

    /** @param what is going on with the current item, such as a step and its part */
    void working(String what) {
        if (terminal) {
            draw(what);
        }
    }

    /** @param what became of the item that is done */
    void finished(String what) {
        done++;
        if (terminal) {
            draw(what);
            if (done == total) {
                out.println();
                out.flush();
            }
        } else {
            out.printf("%d of %d: %s%n", done, total, what);
            out.flush();
        }
    }

    private void draw(String what) {
        int filled = total == 0 ? WIDTH : WIDTH * done / total;
        String bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
        String line = "[%s] %d/%d %s".formatted(bar, done, total, what);
        // Blanks wipe what a longer line left behind.
        out.printf("\r%-78.78s", line);
        out.flush();
    }
}
