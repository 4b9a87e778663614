package dev.cloakproof.platform.blob;

import java.util.regex.Pattern;

/**
 * Key of an object: names joined by slashes, such as {@code runs/r-1/purify/manifest.json}. Names are letters, digits,
 * dots, dashes and underscores and do not begin with a dot, so that no key leads out of a folder.
 *
 * @param text the key, 1 to 512 characters
 */
public record ObjectKey(String text) implements Comparable<ObjectKey> {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

    public ObjectKey {
        if (text.length() > 512 || !FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("expected names joined by slashes, found key \"" + text + "\"");
        }
    }

    public static ObjectKey of(String first, String... more) {
        return new ObjectKey(more.length == 0 ? first : first + "/" + String.join("/", more));
    }

    @Override
    public int compareTo(ObjectKey other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
