package dev.cloakproof.local;

/** The four services and their usual ports. */
enum Service {
    PURIFIER("purifier", 9101, 8101, "512m"),
    TRAINER("trainer", 9102, 8102, "768m"),
    SAMPLER("sampler", 9103, 8103, "512m"),
    EVALUATOR("evaluator", 9104, 8104, "768m");

    private final String title;
    private final int grpcPort;
    private final int httpPort;
    private final String heap;

    Service(String title, int grpcPort, int httpPort, String heap) {
        this.title = title;
        this.grpcPort = grpcPort;
        this.httpPort = httpPort;
        this.heap = heap;
    }

    /** As in logs and settings. */
    String title() {
        return title;
    }

    String module() {
        return title + "-service";
    }

    int grpcPort() {
        return grpcPort;
    }

    int httpPort() {
        return httpPort;
    }

    /** Of the JVM; the networks lie outside of it. */
    String heap() {
        return heap;
    }
}
