package dev.cloakproof.tensor;

import ai.djl.pytorch.jni.TorchBridge;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reverse-mode gradients. Nothing accumulates in hidden fields: a call returns the gradients it was asked for, in
 * order, and touches no other tensor, so that the gradient to a picture leaves the model's parameters alone.
 */
public final class Autograd {
    private Autograd() {}

    /** A leaf with the values of {@code x} and no history, to which gradients can be asked. Shares memory. */
    public static Tensor variable(Tensor x) {
        Tensor leaf = detach(x);
        require(leaf, true);
        return leaf;
    }

    /** The values of {@code x} without its history. Shares memory. */
    public static Tensor detach(Tensor x) {
        return Torch.tensor("detach", x);
    }

    /** Switches whether ops on this leaf, such as a model's parameter, record what gradients need. */
    public static void require(Tensor leaf, boolean on) {
        TorchBridge.requireGrad(leaf.handle(), on);
    }

    /** Whether gradients flow through {@code x}: it is such a leaf, or was computed from one. */
    public static boolean required(Tensor x) {
        return Torch.truth("requires_grad", x);
    }

    /** d loss / d inputs for a loss of one element; zeros where the loss does not depend on an input. */
    public static List<Tensor> grad(Tensor loss, List<Tensor> inputs) {
        return grad(
                List.of(loss),
                List.of(Tensor.full(1, loss.dtype(), loss.shape()).to(loss.device())),
                inputs,
                false);
    }

    /**
     * The vector-Jacobian product: the sum over outputs of head * d output / d inputs.
     *
     * @param heads one upstream gradient for each output, of its shape and type
     * @param keepGraph whether the recorded history stays for another call
     * @return one tensor for each input, of its shape and type
     */
    public static List<Tensor> grad(List<Tensor> outputs, List<Tensor> heads, List<Tensor> inputs, boolean keepGraph) {
        Map<Tensor, Tensor> reached = reached(outputs, heads, inputs, keepGraph);
        return inputs.stream()
                .map(input -> reached.containsKey(input) ? reached.get(input) : Torch.tensor("zeros_like", input))
                .toList();
    }

    /** Like {@link #grad}, by input, with no entry for an input that no output depends on. */
    static Map<Tensor, Tensor> reached(
            List<Tensor> outputs, List<Tensor> heads, List<Tensor> inputs, boolean keepGraph) {
        var gradients = new IdentityHashMap<Tensor, Tensor>();
        if (!inputs.isEmpty()) {
            List<Tensor> found = Torch.tensors("grad", outputs, inputs, heads, keepGraph);
            long[] indices = found.getLast().toLongs();
            for (int i = 0; i < indices.length; i++) {
                gradients.put(inputs.get((int) indices[i]), found.get(i));
            }
        }
        return gradients;
    }

    /** Stops recording on this thread until the result is closed. */
    public static Pause pause() {
        Torch.start();
        boolean before = TorchBridge.gradMode();
        TorchBridge.gradMode(false);
        return () -> TorchBridge.gradMode(before);
    }

    /** Ends a {@link #pause}. */
    @FunctionalInterface
    public interface Pause extends AutoCloseable {
        @Override
        void close();
    }
}
