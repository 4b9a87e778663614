package dev.cloakproof.tensor.weights;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tensors of a checkpoint, mapped from its files.
 *
 * <p>Opening reads names, shapes and places, never the data. The memory belongs to the checkpoint: every segment it gave
 * dies with {@link #close}. A file that another process shortens meanwhile makes access fail with an
 * {@link InternalError}. May be used by several threads; closing while another reads is an error of the caller.
 */
public final class Checkpoint implements AutoCloseable {
    private final Path file;
    private final Arena arena;
    private final Map<Path, MemorySegment> files;
    private final CheckpointContents contents;
    private final Map<String, MemorySegment> gathered = new ConcurrentHashMap<>();

    private Checkpoint(Path file, Arena arena, Map<Path, MemorySegment> files, CheckpointContents contents) {
        this.file = file;
        this.arena = arena;
        this.files = files;
        this.contents = contents;
    }

    /**
     * Opens a checkpoint; the format is told from the content, not the name.
     *
     * @param file a safetensors file, a {@code *.safetensors.index.json} whose shards lie beside it, or a PyTorch file
     *     (zip, legacy stream or TorchScript archive)
     * @throws CheckpointException if it cannot be read; nothing stays open then
     */
    public static Checkpoint open(Path file) {
        Arena arena = Arena.ofShared();
        try {
            Map<Path, MemorySegment> files = new HashMap<>();
            CheckpointContents contents = CheckpointFormat.read(file, path -> {
                MappedFile mapped = MappedFile.map(path, arena);
                files.put(path, mapped.bytes());
                return mapped;
            });
            return new Checkpoint(file, arena, files, contents);
        } catch (Throwable e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Every tensor by its full name, in the file's order. Tensors in nested dictionaries and lists of a PyTorch file
     * have dotted names: {@code params_ema.encoder.weight}.
     */
    public Map<String, TensorEntry> entries() {
        return Collections.unmodifiableMap(contents.entries());
    }

    /**
     * The tensors below a key, such as {@code params_ema}, {@code params}, {@code state_dict} or {@code model}; the map's
     * names lack the key, the entries keep their full names.
     *
     * @throws CheckpointException with {@link Reason#MISSING} if there are none; the message lists the keys there are
     */
    public Map<String, TensorEntry> under(String key) {
        String prefix = key + ".";
        Map<String, TensorEntry> below = new LinkedHashMap<>();
        contents.entries().forEach((name, entry) -> {
            if (name.startsWith(prefix)) {
                below.put(name.substring(prefix.length()), entry);
            }
        });
        if (below.isEmpty()) {
            throw new CheckpointException(
                    Reason.MISSING, file, "no tensors under '" + key + "', only under " + topLevelKeys());
        }
        return Collections.unmodifiableMap(below);
    }

    private TreeSet<String> topLevelKeys() {
        TreeSet<String> keys = new TreeSet<>();
        contents.entries().keySet().forEach(name -> keys.add(name.split("\\.", 2)[0]));
        return keys;
    }

    /** The tensor of a full name. Throws {@link CheckpointException} with {@link Reason#MISSING} if there is none. */
    public TensorEntry entry(String name) {
        TensorEntry entry = contents.entries().get(name);
        if (entry == null) {
            throw new CheckpointException(Reason.MISSING, file, "no tensor '" + name + "'");
        }
        return entry;
    }

    /**
     * What the file says beside its tensors: the safetensors metadata, or the strings, numbers and booleans of a PyTorch
     * file under their dotted names.
     */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(contents.metadata());
    }

    /**
     * A tensor's elements: row-major, contiguous, little endian, read-only. Read with unaligned layouts. Mapped, not
     * copied, unless the entry is not {@link TensorEntry#stored}; that copy is made once and kept until closed.
     *
     * @param entry one of this checkpoint's
     * @throws IllegalArgumentException if the entry is another checkpoint's
     * @throws IllegalStateException if the checkpoint is closed
     */
    public MemorySegment bytes(TensorEntry entry) {
        if (!entry.equals(contents.entries().get(entry.name()))) {
            throw new IllegalArgumentException(file + " has no " + entry);
        }
        return entry.stored()
                .map(range -> files.get(range.file()).asSlice(range.offset(), range.length()))
                .orElseGet(() -> gathered.computeIfAbsent(
                        entry.name(), name -> contents.views().get(name).gather(arena)));
    }

    /** Unmaps the files. Segments given before are dead from here on. */
    @Override
    public void close() {
        arena.close();
    }
}
