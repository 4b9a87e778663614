package dev.cloakproof.portraits.catalog;

import dev.cloakproof.portraits.Domain;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Contact sheets: a row for every subject, a column for every work. */
public final class PortraitSheet {
    private PortraitSheet() {}

    /**
     * Writes a contact sheet as PNG.
     *
     * @param args the file; then optionally the domain (portraits), the first subject's seed (0), rows (6), columns (8)
     *     and a picture's side in pixels (96)
     */
    public static void main(String[] args) {
        if (args.length == 0) {
            throw new IllegalArgumentException("expected FILE [DOMAIN [SEED [ROWS [COLUMNS [SIZE]]]]]");
        }
        Domain<?, ?> domain =
                args.length > 1 ? Domains.of(args[1]) : Domains.all().getFirst();
        Picture sheet = of(domain, number(args, 2, 0), number(args, 3, 6), number(args, 4, 8), number(args, 5, 96));
        PictureWriter.write(Path.of(args[0]), PictureWriter.png(sheet));
    }

    private static int number(String[] args, int at, int otherwise) {
        return args.length > at ? Integer.parseInt(args[at]) : otherwise;
    }

    /**
     * A sheet of a domain; every picture is another work.
     *
     * @param firstSubject the seed of the first row's subject; the others follow
     * @param size the side of a picture in pixels
     */
    public static Picture of(Domain<?, ?> domain, long firstSubject, int rows, int columns, int size) {
        List<List<Picture>> sheet = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            List<Picture> pictures = new ArrayList<>();
            for (int column = 0; column < columns; column++) {
                pictures.add(domain.render(firstSubject + row, (long) row * columns + column, size));
            }
            sheet.add(pictures);
        }
        return of(sheet);
    }

    /**
     * Lays out pictures of one size in rows of one length.
     *
     * @throws IllegalArgumentException if there are none, or sizes or lengths differ
     */
    public static Picture of(List<List<Picture>> rows) {
        if (rows.isEmpty() || rows.getFirst().isEmpty()) {
            throw new IllegalArgumentException("a sheet has pictures, found none");
        }
        int side = rows.getFirst().getFirst().width();
        int columns = rows.getFirst().size();
        int width = columns * side * Picture.CHANNELS;
        byte[] sheet = new byte[rows.size() * side * width];
        for (int row = 0; row < rows.size(); row++) {
            List<Picture> pictures = rows.get(row);
            if (pictures.size() != columns) {
                throw new IllegalArgumentException("expected rows of " + columns + ", found " + pictures.size());
            }
            for (int column = 0; column < columns; column++) {
                Picture picture = pictures.get(column);
                if (picture.width() != side || picture.height() != side) {
                    throw new IllegalArgumentException("expected sides of " + side + ", found " + picture);
                }
                int at = row * side * width + column * side * Picture.CHANNELS;
                byte[] rgb = picture.rgb();
                for (int y = 0; y < side; y++) {
                    System.arraycopy(rgb, y * side * Picture.CHANNELS, sheet, at + y * width, side * Picture.CHANNELS);
                }
            }
        }
        return Picture.of(columns * side, rows.size() * side, sheet);
    }
}
