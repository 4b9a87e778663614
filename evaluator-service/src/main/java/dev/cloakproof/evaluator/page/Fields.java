package dev.cloakproof.evaluator.page;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.cloakproof.v1.BlobReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Every field of a message that is set, as rows for people. */
public final class Fields {
    private Fields() {}

    /**
     * A row.
     *
     * @param name with spaces, such as "learning rate"
     */
    public record Row(String name, String value) {}

    static List<Row> of(Message message) {
        List<Row> rows = new ArrayList<>();
        message.getAllFields().forEach((field, value) -> add(rows, words(field.getName()), field, value));
        return rows;
    }

    private static void add(List<Row> rows, String name, FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            for (Object entry : (Collection<?>) value) {
                Message pair = (Message) entry;
                Object key = pair.getField(pair.getDescriptorForType().findFieldByName("key"));
                Object held = pair.getField(pair.getDescriptorForType().findFieldByName("value"));
                rows.add(new Row(name + ": " + words(key.toString()), text(held)));
            }
        } else if (field.isRepeated()) {
            Collection<?> values = (Collection<?>) value;
            rows.add(new Row(name, values.stream().map(Fields::text).collect(Collectors.joining(", "))));
        } else if (value instanceof Message inner && !(isPlain(inner))) {
            of(inner).forEach(row -> rows.add(new Row(name + ", " + row.name(), row.value())));
        } else {
            rows.add(new Row(name, text(value)));
        }
    }

    private static boolean isPlain(Message message) {
        return message instanceof Timestamp || message instanceof BlobReference;
    }

    private static String text(Object value) {
        return switch (value) {
            case Timestamp time -> Texts.time(time);
            case BlobReference blob -> blob.getSha256();
            case EnumValueDescriptor constant -> constant(constant);
            case Double number -> Texts.plain(number);
            case Boolean yes -> yes ? "yes" : "no";
            case String empty when empty.isEmpty() -> "(empty)";
            default -> value.toString();
        };
    }

    /** PRESET_PAPER of the type Preset is "paper". */
    private static String constant(EnumValueDescriptor constant) {
        String prefix =
                constant.getType()
                                .getName()
                                .replaceAll("([a-z])([A-Z])", "$1_$2")
                                .toUpperCase(java.util.Locale.ROOT) + "_";
        String name = constant.getName();
        return words(
                (name.startsWith(prefix) ? name.substring(prefix.length()) : name).toLowerCase(java.util.Locale.ROOT));
    }

    private static String words(String name) {
        return name.replace('_', ' ');
    }
}
