package dev.cloakproof.vision.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A network of one float32 input, on the CPU. Runs may go on in several threads at once. Owns native memory until
 * {@link #close}.
 */
public final class OnnxModel implements AutoCloseable {
    private final Path file;
    private final OrtSession session;
    private final String input;

    /** One output, row-major. */
    public record Output(String name, float[] values, long[] shape) {}

    private OnnxModel(Path file, OrtSession session, String input) {
        this.file = file;
        this.session = session;
        this.input = input;
    }

    /**
     * @param outputs how many the network must have
     * @throws OnnxException if the file is missing or is no such network
     */
    public static OnnxModel load(Path file, int outputs) {
        if (!Files.isRegularFile(file)) {
            throw new OnnxException(file + ": no such file", null);
        }
        try (var options = new OrtSession.SessionOptions()) {
            OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
            if (session.getNumInputs() != 1 || session.getNumOutputs() != outputs) {
                String found = session.getNumInputs() + " inputs and " + session.getNumOutputs() + " outputs";
                session.close();
                throw new OnnxException(
                        file + ": expected one input and " + outputs + " outputs, found " + found, null);
            }
            return new OnnxModel(
                    file, session, session.getInputNames().iterator().next());
        } catch (OrtException e) {
            throw new OnnxException(file + ": not a network that ONNX Runtime can run: " + e.getMessage(), e);
        }
    }

    /** The shape that the file declares for its input; -1 where any size is taken. */
    public long[] inputShape() {
        try {
            NodeInfo info = session.getInputInfo().get(input);
            return ((TensorInfo) info.getInfo()).getShape();
        } catch (OrtException e) {
            throw new OnnxException(file + ": " + e.getMessage(), e);
        }
    }

    /** The outputs in the file's order. */
    public List<Output> run(float[] values, long... shape) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            List<Output> outputs = new ArrayList<>();
            for (Map.Entry<String, OnnxValue> entry : result) {
                OnnxTensor output = (OnnxTensor) entry.getValue();
                FloatBuffer buffer = output.getFloatBuffer();
                float[] copy = new float[buffer.remaining()];
                buffer.get(copy);
                outputs.add(new Output(entry.getKey(), copy, output.getInfo().getShape()));
            }
            return outputs;
        } catch (OrtException e) {
            throw new OnnxException(file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new OnnxException(file + ": " + e.getMessage(), e);
        }
    }
}
