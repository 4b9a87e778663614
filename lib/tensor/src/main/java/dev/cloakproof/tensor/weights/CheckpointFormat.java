package dev.cloakproof.tensor.weights;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.nio.file.Path;

/** The formats known here, told apart by how their files begin. */
enum CheckpointFormat {
    SAFETENSORS,
    SAFETENSORS_INDEX,
    TORCH_ZIP,
    TORCH_LEGACY;

    private static final int ZIP_LOCAL_HEADER = 0x04034b50;
    private static final int PICKLE_PROTO = 0x80;
    private static final int HIGHEST_PICKLE_PROTOCOL = 5;

    static CheckpointContents read(Path path, FileMapper files) {
        MappedFile file = files.map(path);
        return switch (of(file)) {
            case SAFETENSORS -> SafetensorsReader.read(file);
            case SAFETENSORS_INDEX -> SafetensorsIndex.read(file, files);
            case TORCH_ZIP -> TorchZipReader.read(file);
            case TORCH_LEGACY -> TorchLegacyReader.read(file);
        };
    }

    private static CheckpointFormat of(MappedFile file) {
        if (file.size() < 8) {
            throw new CheckpointException(
                    Reason.TRUNCATED, file.path(), "no checkpoint has only " + file.size() + " bytes");
        }
        // A safetensors header's length may begin with any byte, so it is looked at first: no other format has both
        // four zeros there and a brace behind them.
        if (file.u32(4) == 0 && file.size() > 8 && file.u8(8) == '{') {
            return SAFETENSORS;
        }
        if (file.u32(0) == ZIP_LOCAL_HEADER) {
            return TORCH_ZIP;
        }
        if (file.u8(0) == PICKLE_PROTO && file.u8(1) <= HIGHEST_PICKLE_PROTOCOL) {
            return TORCH_LEGACY;
        }
        if (file.u8(0) == '{' || file.u8(0) == ' ' || file.u8(0) == '\n') {
            return SAFETENSORS_INDEX;
        }
        // What is left is damaged or foreign. The name says whose rules to quote.
        if (file.path().toString().endsWith(".safetensors")) {
            return SAFETENSORS;
        }
        throw new CheckpointException(
                Reason.UNKNOWN_FORMAT,
                file.path(),
                "expected safetensors, a safetensors index or a PyTorch file, found bytes beginning with %016x"
                        .formatted(Long.reverseBytes(file.i64(0))));
    }
}
