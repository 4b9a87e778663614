package dev.cloakproof.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Ends the process without libtorch's static destructors. The JVM leaves with {@code exit}, which runs them while other
 * threads may still compute, as on Ctrl-C or SIGTERM in the middle of a step: these then use what is destroyed, and an
 * orderly end becomes a crash report (docs/adr/0005).
 */
final class NativeExit {
    private NativeExit() {}

    /**
     * Has the shutdown of the JVM register {@code _exit} as the last exit handler, which is the first to run. It cannot be
     * registered earlier: libtorch adds destructors with the first use of each of its parts. Does nothing where the C
     * library lacks {@code on_exit}.
     */
    static void skipStaticDestructors() {
        SymbolLookup library = Linker.nativeLinker().defaultLookup();
        library.find("on_exit")
                .ifPresent(onExit -> library.find("_exit").ifPresent(exit -> {
                    MethodHandle register = handle(onExit);
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> register(register, exit), "native-exit"));
                }));
    }

    @SuppressWarnings("restricted") // it calls the C library
    private static MethodHandle handle(MemorySegment onExit) {
        return Linker.nativeLinker()
                .downcallHandle(
                        onExit, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    }

    private static void register(MethodHandle onExit, MemorySegment exit) {
        try {
            int failed = (int) onExit.invokeExact(exit, MemorySegment.NULL);
            if (failed != 0) {
                throw new IllegalStateException("on_exit refused a handler");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
