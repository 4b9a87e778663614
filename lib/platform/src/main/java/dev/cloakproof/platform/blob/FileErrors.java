package dev.cloakproof.platform.blob;

import dev.cloakproof.platform.errors.CloakproofException;
import dev.cloakproof.platform.errors.Reason;
import java.io.IOException;

/** Turns what a file system says into the catalogue's reasons. */
public final class FileErrors {
    private FileErrors() {}

    /** A piece of file work. */
    public interface Call<T> {
        T call() throws IOException;
    }

    /** A piece of file work without a result. */
    public interface Run {
        void run() throws IOException;
    }

    /** Does the work; DISK_FULL or STORE_UNAVAILABLE when it fails, with what it was. */
    public static void run(String what, Run work) {
        call(what, () -> {
            work.run();
            return null;
        });
    }

    /** Does the work; DISK_FULL or STORE_UNAVAILABLE when it fails, with what it was. */
    public static <T> T call(String what, Call<T> work) {
        try {
            return work.call();
        } catch (IOException failed) {
            throw translate(what, failed);
        }
    }

    /** Java has no type for a full disk: the kernel's text is all there is (ENOSPC, EDQUOT). */
    private static CloakproofException translate(String what, IOException failed) {
        String text = String.valueOf(failed.getMessage());
        if (text.contains("No space left on device") || text.contains("Disk quota exceeded")) {
            return Reason.DISK_FULL
                    .problem("expected room to " + what + ", found a full disk")
                    .exception(failed);
        }
        return Reason.STORE_UNAVAILABLE
                .problem("could not " + what + ": " + failed)
                .exception(failed);
    }
}
