package dev.cloakproof.portraits.catalog;

import dev.cloakproof.portraits.Domain;
import java.lang.management.ManagementFactory;

/** Measures what a picture costs: processor time of one thread, so that other work on the machine does not count. */
public final class PortraitSpeed {
    private static final System.Logger LOG = System.getLogger(PortraitSpeed.class.getName());

    private PortraitSpeed() {}

    /**
     * Logs the cost of every domain's pictures.
     *
     * @param args optionally the number of pictures (500) and a picture's side in pixels (128)
     */
    public static void main(String[] args) {
        int pictures = args.length > 0 ? Integer.parseInt(args[0]) : 500;
        int size = args.length > 1 ? Integer.parseInt(args[1]) : Domain.DEFAULT_SIZE;
        for (Domain<?, ?> domain : Domains.all()) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0} at {1} px: {2} ms of one core for a picture",
                    domain.name(),
                    size,
                    milliseconds(domain, size, pictures));
        }
    }

    /**
     * Milliseconds of one core for a picture.
     *
     * @param size the side in pixels
     * @param pictures how many to measure, after a tenth as many that warm the compiler up
     */
    public static double milliseconds(Domain<?, ?> domain, int size, int pictures) {
        var threads = ManagementFactory.getThreadMXBean();
        for (int seed = 0; seed < pictures / 10; seed++) {
            domain.render(seed, seed, size);
        }
        long start = threads.getCurrentThreadCpuTime();
        for (int seed = 0; seed < pictures; seed++) {
            domain.render(seed, seed, size);
        }
        return (threads.getCurrentThreadCpuTime() - start) / 1e6 / pictures;
    }
}
