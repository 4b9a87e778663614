package dev.cloakproof.tensor.weights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.PickleException;

/**
 * The classes and functions a PyTorch pickle may name: all there are. They make records and collections, nothing else;
 * a name that is not here is refused by {@link TorchUnpickler}.
 *
 * <p>Source: PyTorch, {@code torch/_utils.py}, {@code torch/storage.py} and {@code torch/jit/_pickle.py}.
 */
final class TorchGlobals {
    /** Classes of TorchScript archives stand in packages of this name. */
    private static final String SCRIPT_PACKAGE = "__torch__";

    private static final int MAX_RANK = 64;

    private static final Map<String, IObjectConstructor> ADMITTED = admitted();

    private TorchGlobals() {}

    /** A storage's class, named in references to storages. Not constructed by itself. */
    record StorageClass(Optional<ElementType> type) implements IObjectConstructor {
        @Override
        public Object construct(Object[] arguments) {
            throw new PickleException("a storage is referred to, not constructed");
        }
    }

    /** An element type, named as an argument. Not constructed. */
    private record TypeName(ElementType type) implements IObjectConstructor {
        @Override
        public Object construct(Object[] arguments) {
            throw new PickleException("an element type is named, not constructed");
        }
    }

    static Optional<IObjectConstructor> find(String module, String name) {
        if (module.equals(SCRIPT_PACKAGE) || module.startsWith(SCRIPT_PACKAGE + ".")) {
            return Optional.of(arguments -> new TorchModule());
        }
        return Optional.ofNullable(ADMITTED.get(module + "." + name));
    }

    private static Map<String, IObjectConstructor> admitted() {
        Map<String, IObjectConstructor> globals = new HashMap<>();
        globals.put("collections.OrderedDict", TorchGlobals::orderedDict);
        globals.put("torch._utils._rebuild_tensor", TorchGlobals::tensor);
        globals.put("torch._utils._rebuild_tensor_v2", TorchGlobals::tensor);
        globals.put("torch._utils._rebuild_tensor_v3", TorchGlobals::tensorOfUntypedStorage);
        globals.put("torch._utils._rebuild_parameter", arguments -> (TorchTensor) arguments[0]);
        globals.put("torch._utils._rebuild_parameter_with_state", arguments -> (TorchTensor) arguments[0]);
        globals.put("torch.jit._pickle.build_intlist", arguments -> (List<?>) arguments[0]);
        globals.put("torch.jit._pickle.build_doublelist", arguments -> (List<?>) arguments[0]);
        globals.put("torch.jit._pickle.build_boollist", arguments -> (List<?>) arguments[0]);
        globals.put("torch.jit._pickle.build_tensorlist", arguments -> (List<?>) arguments[0]);
        globals.put("torch.jit._pickle.restore_type_tag", arguments -> arguments[0]);
        globals.put("torch.UntypedStorage", new StorageClass(Optional.empty()));
        globals.put("torch.storage.UntypedStorage", new StorageClass(Optional.empty()));
        for (ElementType type : ElementType.values()) {
            globals.put("torch." + storageName(type) + "Storage", new StorageClass(Optional.of(type)));
            globals.put("torch." + typeName(type), new TypeName(type));
        }
        return Map.copyOf(globals);
    }

    private static String storageName(ElementType type) {
        return switch (type) {
            case F64 -> "Double";
            case F32 -> "Float";
            case F16 -> "Half";
            case BF16 -> "BFloat16";
            case I64 -> "Long";
            case I32 -> "Int";
            case I16 -> "Short";
            case I8 -> "Char";
            case U8 -> "Byte";
            case BOOL -> "Bool";
        };
    }

    private static String typeName(ElementType type) {
        return switch (type) {
            case F64 -> "float64";
            case F32 -> "float32";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            case I64 -> "int64";
            case I32 -> "int32";
            case I16 -> "int16";
            case I8 -> "int8";
            case U8 -> "uint8";
            case BOOL -> "bool";
        };
    }

    /** Empty, or made of pairs as Python 2 pickled it. */
    private static Object orderedDict(Object[] arguments) {
        Map<Object, Object> dictionary = new LinkedHashMap<>();
        if (arguments.length > 0) {
            for (Object pair : (List<?>) arguments[0]) {
                Object[] keyAndValue = pair instanceof List<?> list ? pair(list) : (Object[]) pair;
                dictionary.put(TorchUnpickler.key(keyAndValue[0]), keyAndValue[1]);
            }
        }
        return dictionary;
    }

    private static Object[] pair(List<?> list) {
        return new Object[] {list.get(0), list.get(1)};
    }

    /** (storage, offset, shape, strides, requires grad, hooks, metadata) */
    private static Object tensor(Object[] arguments) {
        if (arguments.length > 6 && arguments[6] instanceof Map<?, ?> metadata && !metadata.isEmpty()) {
            // The conjugate and negative bits: the elements would not be what the storage holds.
            throw new PickleException("tensors with metadata are not read: " + metadata.keySet());
        }
        TorchStorage storage = (TorchStorage) arguments[0];
        ElementType type = storage.type().orElseThrow(() -> new PickleException("the tensor's storage is untyped"));
        return new TorchTensor(storage, type, number(arguments[1]), numbers(arguments[2]), numbers(arguments[3]));
    }

    /** (storage, offset, shape, strides, requires grad, hooks, element type, metadata) */
    private static Object tensorOfUntypedStorage(Object[] arguments) {
        TorchStorage storage = (TorchStorage) arguments[0];
        ElementType type = ((TypeName) arguments[6]).type();
        return new TorchTensor(storage, type, number(arguments[1]), numbers(arguments[2]), numbers(arguments[3]));
    }

    /** A Python integer that fits 64 bits. */
    static long number(Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw new PickleException("expected an integer");
    }

    private static List<Long> numbers(Object tuple) {
        Object[] sides = (Object[]) tuple;
        if (sides.length > MAX_RANK) {
            throw new PickleException("a tensor of " + sides.length + " sides, torch's have at most " + MAX_RANK);
        }
        List<Long> numbers = new ArrayList<>();
        for (Object number : sides) {
            numbers.add(number(number));
        }
        return List.copyOf(numbers);
    }
}
