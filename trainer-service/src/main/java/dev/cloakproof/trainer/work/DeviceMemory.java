package dev.cloakproof.trainer.work;

import com.sun.management.OperatingSystemMXBean;
import dev.cloakproof.tensor.Device;
import dev.cloakproof.trainer.config.TrainerConfig;
import io.quarkus.runtime.configuration.MemorySize;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** How much memory a training may use. */
@Singleton
class DeviceMemory {
    private final Optional<Long> configured;

    DeviceMemory(TrainerConfig config) {
        this.configured = config.memory().map(MemorySize::asLongValue);
    }

    /** Bytes. */
    long available(Device device) {
        return configured.orElseGet(() -> device.isCpu() ? machine() : Long.MAX_VALUE);
    }

    /** The machine's or the container's, without this process's heap. */
    private static long machine() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getTotalMemorySize() - Runtime.getRuntime().maxMemory();
    }
}
