package dev.cloakproof.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The ports of the services. */
final class Ports {
    private Ports() {}

    /**
     * The usual ones.
     *
     * @throws LocalException naming every port that is taken
     */
    static Map<String, Integer> usual() {
        Map<String, Integer> ports = new TreeMap<>();
        List<Integer> taken = new ArrayList<>();
        for (Service service : Service.values()) {
            ports.put(service.title() + ".grpc", service.grpcPort());
            ports.put(service.title() + ".http", service.httpPort());
        }
        for (int port : ports.values()) {
            try (ServerSocket socket = listen(port)) {
                assert socket.isBound();
            } catch (IOException e) {
                taken.add(port);
            }
        }
        if (!taken.isEmpty()) {
            throw new LocalException("ports " + taken
                    + " of 127.0.0.1 are taken by another program: stop it, or start with --free-ports");
        }
        return ports;
    }

    /** Any that are free now; all are held until all are known, so they differ. */
    static Map<String, Integer> free() {
        Map<String, Integer> ports = new TreeMap<>();
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (Service service : Service.values()) {
                for (String kind : List.of(".grpc", ".http")) {
                    ServerSocket socket = listen(0);
                    held.add(socket);
                    ports.put(service.title() + kind, socket.getLocalPort());
                }
            }
            return ports;
        } catch (IOException e) {
            throw new LocalException("no free ports: " + e.getMessage(), e);
        } finally {
            for (ServerSocket socket : held) {
                try {
                    socket.close();
                } catch (IOException closed) {
                    // It was only held.
                }
            }
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }
}
