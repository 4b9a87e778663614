package dev.cloakproof.bench.serve;

import dev.cloakproof.purifier.purify.Chain;
import dev.cloakproof.purifier.purify.Methods;
import dev.cloakproof.purifier.purify.Preset;
import dev.cloakproof.purifier.purify.PurificationRun;
import dev.cloakproof.purifier.purify.PurificationWatch;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureFile;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import java.lang.management.ManagementFactory;
import java.util.Map;

/**
 * CPU time of a call's parts in Java alone, on one thread, in milliseconds.
 *
 * @param decode of the encoded picture
 * @param method what the method makes of it
 * @param encode the result as PNG, as an answer is
 * @param smallEncode the same for a file that is kept
 */
record Floor(double decode, double method, double encode, double smallEncode) {
    /** @param seconds that each part is repeated for, after as long a warm-up */
    static Floor measure(byte[] encoded, String method, double seconds) {
        PictureFile file = PictureReader.DEFAULT.open(encoded);
        Chain chain = Methods.catalogue(null, null).parse(method, Preset.PAPER);
        Picture result = run(chain, file.picture());
        return new Floor(
                millis(seconds, () -> PictureReader.DEFAULT.open(encoded)),
                millis(seconds, () -> run(chain, file.picture())),
                millis(seconds, () -> file.png(result, Map.of())),
                millis(seconds, () -> PictureWriter.png(result)));
    }

    private static Picture run(Chain chain, Picture picture) {
        return chain.run(picture, new PurificationRun(0, "person", PurificationWatch.NONE))
                .picture();
    }

    private static double millis(double seconds, Runnable part) {
        repeat(seconds, part);
        long begun = cpu();
        int repeats = repeat(seconds, part);
        return (cpu() - begun) / 1e6 / repeats;
    }

    private static int repeat(double seconds, Runnable part) {
        long end = cpu() + (long) (seconds * 1e9);
        int repeats = 0;
        while (cpu() < end || repeats == 0) {
            part.run();
            repeats++;
        }
        return repeats;
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
