package dev.cloakproof.local;

/** Does something if the program is interrupted (Ctrl-C, SIGTERM) before this is closed. */
final class Interruption implements AutoCloseable {
    private final Thread hook;

    Interruption(Runnable action) {
        hook = new Thread(action, "interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** It will not be done any more. */
    void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException already) {
            // It is being done now.
        }
    }

    @Override
    public void close() {
        forget();
    }
}
