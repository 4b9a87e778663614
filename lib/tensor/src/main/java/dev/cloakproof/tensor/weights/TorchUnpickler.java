package dev.cloakproof.tensor.weights;

import dev.cloakproof.tensor.weights.CheckpointException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads the pickles of PyTorch files as plain data.
 *
 * <p>The base class would build objects of unknown classes, call methods by reflection, forget the order of dictionaries
 * and allocate whatever a length says. So every opcode passes through here: those that name, call or fill objects are
 * done by this class, those with a length are checked against what is left, those that torch does not write are refused.
 * One object reads one pickle.
 */
final class TorchUnpickler extends Unpickler {
    /** Of a pickle, storages not counted. Stable Diffusion's is some 200 KB. */
    static final long MAX_LENGTH = 16L << 20;

    /**
     * An operation of one byte may make an object of fifty: this bounds them to some hundred megabytes. An item copied
     * counts too, or one long list could be copied by every other operation.
     */
    private static final int MAX_OPERATIONS = 1 << 22;

    private final Path file;
    private final PickleInput bytes;
    private final Consumer<TorchStorage> references;
    private long operations;

    private TorchUnpickler(Path file, PickleInput bytes, Consumer<TorchStorage> references) {
        this.file = file;
        this.bytes = bytes;
        this.references = references;
    }

    /**
     * The object of the next pickle: Map, List, Object[] for a tuple, String, Number, Boolean, null, byte[],
     * {@link TorchTensor}, {@link TorchStorage} or {@link TorchModule}. It may contain itself.
     *
     * @param references told of each storage that the pickle refers to
     * @throws CheckpointException for whatever is wrong with it
     */
    static Object read(Path file, PickleInput bytes, Consumer<TorchStorage> references) {
        long start = bytes.position();
        bytes.open(MAX_LENGTH);
        try {
            return new TorchUnpickler(file, bytes, references).load(bytes);
        } catch (IOException e) {
            boolean cutHere = bytes.position() - start == MAX_LENGTH;
            throw new CheckpointException(
                    cutHere ? Reason.TOO_LARGE : Reason.TRUNCATED,
                    file,
                    "the pickle has not stopped at byte %d, at most %d of it are read"
                            .formatted(bytes.position(), MAX_LENGTH),
                    e);
        } catch (CheckpointException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            throw malformed(file, bytes, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    protected Object dispatch(short opcode) throws IOException {
        count(1);
        return isDoneHere(opcode) ? NO_RETURN_VALUE : super.dispatch(opcode);
    }

    private void count(int more) {
        operations += more;
        if (operations > MAX_OPERATIONS) {
            throw new CheckpointException(
                    Reason.TOO_LARGE, file, "the pickle takes more than %d operations".formatted(MAX_OPERATIONS));
        }
    }

    /** Does the opcode, or clears it for the base class and returns false. */
    private boolean isDoneHere(short opcode) throws IOException {
        switch (opcode) {
            case Opcodes.GLOBAL -> stack.add(global(PickleUtils.readline(input), PickleUtils.readline(input)));
            case Opcodes.STACK_GLOBAL -> stackGlobal();
            case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<>());
            case Opcodes.SETITEM -> setItem();
            case Opcodes.SETITEMS -> setItems();
            case Opcodes.APPENDS -> appends();
            case Opcodes.REDUCE, Opcodes.NEWOBJ -> call();
            case Opcodes.BUILD -> build();
            case Opcodes.SHORT_BINSTRING, Opcodes.SHORT_BINBYTES, Opcodes.SHORT_BINUNICODE, Opcodes.LONG1 -> {
                checkLength(opcode, 1);
                return false;
            }
            case Opcodes.BINSTRING, Opcodes.BINBYTES, Opcodes.BINUNICODE -> {
                checkLength(opcode, 4);
                return false;
            }
            case Opcodes.BINUNICODE8, Opcodes.BINBYTES8 -> {
                checkLength(opcode, 8);
                return false;
            }
            case Opcodes.PROTO,
                    Opcodes.FRAME,
                    Opcodes.STOP,
                    Opcodes.MARK,
                    Opcodes.POP,
                    Opcodes.DUP,
                    Opcodes.NONE,
                    Opcodes.NEWTRUE,
                    Opcodes.NEWFALSE,
                    Opcodes.BININT,
                    Opcodes.BININT1,
                    Opcodes.BININT2,
                    Opcodes.BINFLOAT,
                    Opcodes.EMPTY_TUPLE,
                    Opcodes.TUPLE,
                    Opcodes.TUPLE1,
                    Opcodes.TUPLE2,
                    Opcodes.TUPLE3,
                    Opcodes.EMPTY_LIST,
                    Opcodes.APPEND,
                    Opcodes.BINGET,
                    Opcodes.LONG_BINGET,
                    Opcodes.BINPUT,
                    Opcodes.LONG_BINPUT,
                    Opcodes.MEMOIZE,
                    Opcodes.BINPERSID -> {
                return false;
            }
            default ->
                throw malformed(file, bytes, "opcode 0x%02x, which torch does not write".formatted(opcode), null);
        }
        return true;
    }

    /** Before the base class allocates what a length says. */
    private void checkLength(short opcode, int width) {
        long length = bytes.peek(width);
        if (length < 0 || length > bytes.remaining() - width) {
            throw new CheckpointException(
                    Reason.TRUNCATED,
                    file,
                    "opcode 0x%02x at byte %d of the pickle takes %d bytes, %d are left"
                            .formatted(opcode, bytes.position() - 1, length, bytes.remaining() - width));
        }
    }

    private Object global(String module, String name) {
        return TorchGlobals.find(module, name)
                .orElseThrow(() -> new CheckpointException(
                        Reason.FORBIDDEN_CLASS,
                        file,
                        "the pickle names %s.%s; only tensors, their storages and plain collections are read"
                                .formatted(module, name)));
    }

    private void stackGlobal() {
        String name = (String) stack.pop();
        String module = (String) stack.pop();
        stack.add(global(module, name));
    }

    private void setItem() {
        Object value = stack.pop();
        Object key = stack.pop();
        dictionary(stack.peek()).put(key(key), value);
    }

    private void setItems() {
        List<Object> items = stack.pop_all_since_marker();
        Map<Object, Object> dictionary = dictionary(stack.peek());
        for (int i = 0; i < items.size(); i += 2) {
            dictionary.put(key(items.get(i)), items.get(i + 1));
        }
    }

    /** Without the base class's trim, which makes a list filled in small pieces take quadratic time. */
    @SuppressWarnings("unchecked")
    private void appends() {
        List<Object> items = stack.pop_all_since_marker();
        ((List<Object>) stack.peek()).addAll(items);
    }

    private void call() {
        Object[] arguments = (Object[]) stack.pop();
        for (Object argument : arguments) {
            count(argument instanceof List<?> list ? list.size() : 0);
        }
        stack.add(((IObjectConstructor) stack.pop()).construct(arguments));
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, Object> dictionary(Object target) {
        return (Map<Object, Object>) target;
    }

    /** Only plain keys: hashing a collection that holds itself would not end. */
    static Object key(Object key) {
        if (key instanceof String || key instanceof Integer || key instanceof Long) {
            return key;
        }
        throw new PickleException("a dictionary's key is neither a string nor an integer");
    }

    /** An object's attributes. Those of a module are its content; what tensors and dictionaries carry is not needed. */
    private void build() {
        Object state = stack.pop();
        switch (stack.peek()) {
            case TorchModule module ->
                attributes(state).forEach((key, value) -> module.attributes().put(String.valueOf(key), value));
            case Map<?, ?> dictionary -> {}
            case TorchTensor tensor -> {}
            case null -> throw new PickleException("attributes for None");
            default -> throw new PickleException("attributes for an object that has none");
        }
    }

    private Map<?, ?> attributes(Object state) {
        if (state instanceof Map<?, ?> attributes) {
            count(attributes.size());
            return attributes;
        }
        throw new PickleException("a module whose state is not a dictionary of attributes");
    }

    /** ("storage", class, key, location, elements) and in legacy files a view: None or (key, offset, elements). */
    @Override
    protected Object persistentLoad(Object reference) {
        Object[] parts = (Object[]) reference;
        if (!"storage".equals(parts[0])) {
            throw new PickleException("a reference to something that is not a storage");
        }
        Optional<ElementType> type = ((TorchGlobals.StorageClass) parts[1]).type();
        long base = parts.length > 5 && parts[5] instanceof Object[] view ? TorchGlobals.number(view[1]) : 0;
        TorchStorage storage = new TorchStorage((String) parts[2], type, TorchGlobals.number(parts[4]), base);
        references.accept(storage);
        return storage;
    }

    private static CheckpointException malformed(Path file, PickleInput bytes, String detail, Throwable cause) {
        return new CheckpointException(
                Reason.MALFORMED, file, "the pickle at byte %d: %s".formatted(bytes.position(), detail), cause);
    }
}
