package dev.cloakproof.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/** Times stages, each for one picture and for a batch; figures are seconds a picture. */
final class Stages {
    /** What is counted. */
    enum Clock {
        /** Time that passes. */
        wall(System::nanoTime),
        /** Time of all of this process's threads, for machines that others use. */
        cpu(((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())::getProcessCpuTime);

        private final LongSupplier nanoseconds;

        Clock(LongSupplier nanoseconds) {
            this.nanoseconds = nanoseconds;
        }
    }

    private final ObjectNode result;
    private final int batch;
    private final int repeats;
    private final Clock clock;

    /** @param repeats counted runs of each stage; single pictures have one more to warm up */
    Stages(ObjectNode result, int batch, int repeats, Clock clock) {
        this.result = result;
        this.batch = batch;
        this.repeats = repeats;
        this.clock = clock;
    }

    /** @param work does the stage for a number of pictures */
    void measure(String name, IntConsumer work) {
        for (int count : new TreeSet<>(List.of(1, batch))) {
            List<Double> seconds = new ArrayList<>();
            int warmup = count == 1 ? 1 : 0;
            for (int i = 0; i < warmup + repeats; i++) {
                long begun = clock.nanoseconds.getAsLong();
                work.accept(count);
                double taken = (clock.nanoseconds.getAsLong() - begun) / 1e9 / count;
                if (i >= warmup) {
                    seconds.add(taken);
                }
            }
            Measurement.put(result.withObject("/steps").putObject(name + "_" + count), seconds);
        }
    }
}
