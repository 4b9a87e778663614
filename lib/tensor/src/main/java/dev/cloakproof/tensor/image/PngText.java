package dev.cloakproof.tensor.image;

import dev.cloakproof.tensor.image.PictureException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The texts of a PNG, such as the request that made a picture. Source: PNG specification (W3C, third edition), 11.3.3.
 */
public final class PngText {
    /** Of one text, inflated; Pillow's limit too. */
    private static final int MAX_LENGTH = 1 << 20;

    private static final int MAX_KEYWORD = 79;
    private static final int COMPRESSED = 1;

    private PngText() {}

    /**
     * The texts of a PNG file by keyword, in the file's order, from tEXt, zTXt and iTXt chunks. Of a keyword that comes
     * twice the last text counts.
     *
     * @throws PictureException if the file is no PNG, or a text is damaged or beyond a megabyte
     */
    public static Map<String, String> read(byte[] file) {
        if (!PngChunks.isPng(file)) {
            throw new PictureException(
                    Reason.UNKNOWN_FORMAT, "expected a PNG picture, found " + Signature.describe(file));
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (PngChunks.Chunk chunk : PngChunks.read(file, PictureLimits.DEFAULT).chunks()) {
            ByteBuffer data = chunk.data().duplicate();
            switch (chunk.type()) {
                case "tEXt" -> texts.put(untilZero(data, StandardCharsets.ISO_8859_1), latin(bytes(data)));
                case "zTXt" -> {
                    String keyword = untilZero(data, StandardCharsets.ISO_8859_1);
                    next(data);
                    texts.put(keyword, latin(inflated(data)));
                }
                case "iTXt" -> international(data, texts);
                default -> {
                    // Not a text.
                }
            }
        }
        return texts;
    }

    private static void international(ByteBuffer data, Map<String, String> texts) {
        String keyword = untilZero(data, StandardCharsets.ISO_8859_1);
        boolean compressed = next(data) == COMPRESSED;
        next(data);
        untilZero(data, StandardCharsets.US_ASCII);
        untilZero(data, StandardCharsets.UTF_8);
        texts.put(keyword, new String(compressed ? inflated(data) : bytes(data), StandardCharsets.UTF_8));
    }

    /** The chunk that holds a text: tEXt if Latin-1 can say it, iTXt otherwise, as Pillow chooses. */
    static void write(PngEncoder png, String keyword, String text) {
        checkKeyword(keyword);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(keyword.getBytes(StandardCharsets.ISO_8859_1));
        data.write(0);
        if (StandardCharsets.ISO_8859_1.newEncoder().canEncode(text)) {
            data.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
            png.chunk("tEXt", data.toByteArray());
        } else {
            // Not compressed, no compression method, no language, no translated keyword.
            data.writeBytes(new byte[4]);
            data.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            png.chunk("iTXt", data.toByteArray());
        }
    }

    private static void checkKeyword(String keyword) {
        boolean printable = keyword.chars().allMatch(c -> c >= 0x20 && c <= 0x7e || c >= 0xa1 && c <= 0xff);
        if (keyword.isEmpty() || keyword.length() > MAX_KEYWORD || !printable || !keyword.equals(keyword.strip())) {
            throw new IllegalArgumentException(
                    "a PNG keyword is 1 to 79 printable Latin-1 characters, found '" + keyword + "'");
        }
    }

    private static String untilZero(ByteBuffer data, Charset charset) {
        int start = data.position();
        while (next(data) != 0) {
            // On to the zero.
        }
        byte[] text = new byte[data.position() - 1 - start];
        data.get(start, text);
        return new String(text, charset);
    }

    private static int next(ByteBuffer data) {
        if (!data.hasRemaining()) {
            throw new PictureException(Reason.MALFORMED, "a PNG text that ends within its keyword or flags");
        }
        return data.get();
    }

    private static byte[] bytes(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return bytes;
    }

    private static String latin(byte[] text) {
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static byte[] inflated(ByteBuffer data) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(data);
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if (count == 0 || text.size() + count > MAX_LENGTH) {
                    throw new PictureException(
                            Reason.MALFORMED,
                            "a compressed PNG text that is cut off or beyond " + MAX_LENGTH + " bytes");
                }
                text.write(buffer, 0, count);
            }
        } catch (DataFormatException e) {
            throw new PictureException(Reason.MALFORMED, "a PNG text cannot be inflated: " + e.getMessage(), e);
        }
        return text.toByteArray();
    }
}
