package dev.cloakproof.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How the line is started. */
final class LineOptions {
    @Option(names = "--free-ports", description = "use any free ports instead of 9101 to 9104 and 8101 to 8104")
    boolean freePorts;

    @Option(names = "--pack", description = "the pack for runs that name none (default: the only one, or mini)")
    String pack;

    @Option(names = "--device", defaultValue = "cpu", description = "auto, cpu or gpu:n (${DEFAULT-VALUE})")
    String device = "cpu";

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "any further setting of all services, such as cloakproof.work.lease=5s")
    Map<String, String> settings = new LinkedHashMap<>();

    /** As arguments again, for the supervisor. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (freePorts) {
            arguments.add("--free-ports");
        }
        if (pack != null) {
            arguments.addAll(List.of("--pack", pack));
        }
        arguments.addAll(List.of("--device", device));
        settings.forEach((name, value) -> arguments.addAll(List.of("--set", name + "=" + value)));
        return arguments;
    }
}
