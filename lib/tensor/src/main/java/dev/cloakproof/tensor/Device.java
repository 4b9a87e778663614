package dev.cloakproof.tensor;

import ai.djl.pytorch.jni.TorchBridge;

/** Where tensors live and ops run. {@code name} is PyTorch's: {@code cpu} or {@code cuda:n}. */
public record Device(String name) {
    public static final Device CPU = new Device("cpu");

    public static Device gpu(int index) {
        return new Device("cuda:" + index);
    }

    /**
     * Reads a setting: {@code cpu}, {@code gpu:n}, or {@code auto} (the first GPU, the CPU if there is none).
     *
     * @throws IllegalArgumentException if the setting is none of these or names a GPU that is not there
     */
    public static Device of(String setting) {
        if (setting.equals("cpu")) {
            return CPU;
        }
        Torch.start();
        int gpus = TorchBridge.gpuCount();
        if (setting.equals("auto")) {
            return gpus > 0 ? gpu(0) : CPU;
        }
        if (!setting.matches("gpu:\\d{1,3}")) {
            throw new IllegalArgumentException("device '" + setting + "': expected auto, cpu or gpu:n");
        }
        int index = Integer.parseInt(setting.substring(4));
        if (index >= gpus) {
            throw new IllegalArgumentException("device '" + setting + "': this machine has " + gpus + " usable GPUs");
        }
        return gpu(index);
    }

    public boolean isCpu() {
        return equals(CPU);
    }

    /** Sets how many threads one op may use on the CPU, for the whole process. */
    public static void threads(int count) {
        Torch.start();
        TorchBridge.threads(count);
    }

    public static int threads() {
        Torch.start();
        return TorchBridge.threads();
    }
}
