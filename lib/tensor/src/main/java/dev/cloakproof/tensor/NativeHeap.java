package dev.cloakproof.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Tells glibc's allocator to keep what libtorch frees. By default every large tensor is mapped from the kernel and given
 * back, and filling it takes a page fault for each 4 KiB: a sixth of the time of a full-size UNet step (docs/adr/0003).
 */
final class NativeHeap {
    // malloc.h
    private static final int M_TRIM_THRESHOLD = -1;
    private static final int M_TOP_PAD = -2;
    private static final int M_MMAP_MAX = -4;
    private static final int M_ARENA_MAX = -8;

    private NativeHeap() {}

    /** Does nothing where the C library is not glibc. */
    @SuppressWarnings("restricted") // it calls the C library
    static void keepFreedMemory() {
        Linker linker = Linker.nativeLinker();
        linker.defaultLookup()
                .find("mallopt")
                .map(function -> linker.downcallHandle(
                        function,
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)))
                .ifPresent(mallopt -> {
                    set(mallopt, M_MMAP_MAX, 0);
                    set(mallopt, M_TRIM_THRESHOLD, Integer.MAX_VALUE);
                    set(mallopt, M_TOP_PAD, 64 << 20);
                    // One arena: freed memory serves every thread.
                    set(mallopt, M_ARENA_MAX, 1);
                });
    }

    private static void set(MethodHandle mallopt, int parameter, int value) {
        try {
            int accepted = (int) mallopt.invokeExact(parameter, value);
            if (accepted != 1) {
                throw new IllegalStateException("mallopt refused " + parameter + " = " + value);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
