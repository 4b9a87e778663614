package dev.cloakproof.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Compares the convolution and its two gradients with float64 matrix products. The oneDNN
 * of libtorch 2.7.1 is silently wrong for some channel counts on AVX-512 processors (docs/adr/0002), so this runs in
 * the tests and when a service starts: a wrong build must not compute a single picture.
 */
public final class ConvolutionCheck {
    /** Input and output channels of diffusion networks, and odd ones. */
    private static final int[][] CHANNELS = {
        {320, 4}, {4, 320}, {128, 3}, {3, 128}, {512, 8}, {64, 20}, {128, 17}, {24, 24}, {4, 4}, {17, 5}, {1, 1},
        {33, 47}
    };

    /** The largest error of the forward run, of d/dx and of d/dw, each relative to the largest true value. */
    public record Errors(int in, int out, double forward, double input, double weight) {
        public double largest() {
            return Math.max(forward, Math.max(input, weight));
        }
    }

    private ConvolutionCheck() {}

    /** Measures every pair of channel counts on {@code device} in {@code dtype}. */
    public static List<Errors> measure(Device device, DType dtype) {
        List<Errors> errors = new ArrayList<>();
        for (int[] pair : CHANNELS) {
            errors.add(measure(pair[0], pair[1], device, dtype));
        }
        return errors;
    }

    /**
     * @throws IllegalStateException if float32 convolutions on {@code device} are off by more than 1e-4 (float32 itself
     *     explains 1e-6; TensorFloat-32, if somebody switched it on, 1e-3)
     */
    public static void require(Device device) {
        for (Errors errors : measure(device, DType.F32)) {
            if (!(errors.largest() <= 1e-4)) {
                throw new IllegalStateException("convolutions are wrong on " + device.name() + " with this libtorch: "
                        + errors + ", expected errors below 1e-4");
            }
        }
    }

    private static Errors measure(int in, int out, Device device, DType dtype) {
        try (var _ = Scope.open()) {
            var generator = Generator.seeded(1000L * in + out);
            Tensor x = generator.normal(2, in, 16, 12);
            Tensor w = generator.normal(out, in, 3, 3);
            Tensor head = generator.normal(2, out, 16, 12);
            List<Tensor> truth = run(ConvolutionCheck::definition, x, w, head, Device.CPU, DType.F64);
            List<Tensor> found = run((a, b) -> Functions.conv2d(a, b, null, 1, 1, 1), x, w, head, device, dtype);
            return new Errors(
                    in,
                    out,
                    relative(found.get(0), truth.get(0)),
                    relative(found.get(1), truth.get(1)),
                    relative(found.get(2), truth.get(2)));
        }
    }

    /** The output, d/dx and d/dw. */
    private static List<Tensor> run(
            BinaryOperator<Tensor> convolution, Tensor x, Tensor w, Tensor head, Device device, DType dtype) {
        Tensor input = Autograd.variable(x.to(device).to(dtype));
        Tensor weight = Autograd.variable(w.to(device).to(dtype));
        Tensor output = convolution.apply(input, weight);
        List<Tensor> gradients =
                Autograd.grad(List.of(output), List.of(head.to(device).to(dtype)), List.of(input, weight), false);
        return List.of(output, gradients.get(0), gradients.get(1));
    }

    /** A 3x3 convolution as the sum of nine matrix products, one for each position in the kernel. */
    private static Tensor definition(Tensor x, Tensor w) {
        long height = x.size(2);
        long width = x.size(3);
        Tensor padded = Functions.pad(x, 1, 1, 1, 1, 0);
        Tensor sum = null;
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                Tensor shifted = padded.narrow(2, row, height).narrow(3, column, width);
                Tensor product = w.select(3, column)
                        .select(2, row)
                        .matmul(shifted.reshape(x.size(0), x.size(1), height * width));
                sum = sum == null ? product : sum.add(product);
            }
        }
        return sum.reshape(x.size(0), w.size(0), height, width);
    }

    private static double relative(Tensor found, Tensor truth) {
        Tensor difference = found.to(Device.CPU).to(DType.F64).sub(truth).abs();
        double error = Torch.tensor("amax", difference, new long[0], false).item()
                / Torch.tensor("amax", truth.abs(), new long[0], false).item();
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }
}
