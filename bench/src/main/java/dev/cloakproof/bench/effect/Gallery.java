package dev.cloakproof.bench.effect;

import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The table for the eye: a row a condition, what was trained on to the left, what was drawn to the right. */
final class Gallery {
    private static final int TRAINED_ON = 4;
    private static final int DRAWN = 6;

    private Gallery() {}

    /**
     * @param cells of one person
     * @param budget of the perturbed ones
     * @return with as many rows as there are finished cells of that budget; empty if there is none
     */
    static Optional<Picture> of(Path home, List<Cell> cells, double budget, int side) {
        List<List<Picture>> rows = new ArrayList<>();
        for (Cell cell : cells) {
            Path folder = home.resolve(cell.key());
            boolean shown = cell.budget() == budget || !cell.condition().perturbed();
            if (shown && Files.exists(folder.resolve("drawn"))) {
                rows.add(row(folder, side));
            }
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(PortraitSheet.of(rows));
    }

    private static List<Picture> row(Path folder, int side) {
        Picture trainedOn = PictureReader.DEFAULT.read(folder.resolve("trained-on.png"));
        List<Picture> row = new ArrayList<>();
        IntStream.range(0, TRAINED_ON).forEach(i -> row.add(trainedOn.crop(i * side, 0, side, side)));
        row.add(Picture.of(side, side, white(side)));
        IntStream.range(0, DRAWN)
                .forEach(i -> row.add(PictureReader.DEFAULT.read(folder.resolve("drawn/" + i + ".png"))));
        return row;
    }

    private static byte[] white(int side) {
        byte[] rgb = new byte[Picture.CHANNELS * side * side];
        Arrays.fill(rgb, (byte) 255);
        return rgb;
    }
}
