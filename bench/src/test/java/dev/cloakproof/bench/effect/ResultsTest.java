package dev.cloakproof.bench.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command makes of finished cells; how cells come about is `bench effect` itself. */
class ResultsTest {
    private static final List<Double> BUDGETS = List.of(11.0, 16.0);

    @TempDir
    Path home;

    @Test
    void aPersonHasACellForEveryConditionAndBudget() {
        assertThat(Cell.all(2, BUDGETS)).hasSize(2 * (1 + 7 * 2)).doesNotHaveDuplicates();
        assertThat(Cell.all(1, BUDGETS).getFirst().key()).isEqualTo("person-0/clean-0");
    }

    @Test
    void oneTrainingServesAConditionWithItsSuffixAndWithout() {
        for (Condition one : Condition.values()) {
            for (Condition other : Condition.values()) {
                boolean same =
                        one.name().replace("_BARE", "").equals(other.name().replace("_BARE", ""));
                assertThat(one.trainedAs(other)).as(one + ", " + other).isEqualTo(same);
            }
        }
    }

    @Test
    void theTableHoldsMeansOverAllPeopleOfFinishedCells() throws IOException {
        scores(new Cell(0, Condition.PROTECTED, 16), "{\"ims\": [0.1, 0.3], \"without_face\": [1], \"pictures\": [2]}");
        scores(new Cell(1, Condition.PROTECTED, 16), "{\"ims\": [0.5, 0.7], \"without_face\": [0], \"pictures\": [2]}");
        String table = new Results(home).table(Cell.all(2, BUDGETS));
        assertThat(table.lines()).hasSize(3);
        assertThat(table.lines().toList().getLast())
                .startsWith("| protected | 16/255 | 2 | 0.400 [")
                .endsWith("1 of 4 |");
    }

    @Test
    void theGalleryShowsFinishedCellsOfOneBudget() throws IOException {
        int side = 8;
        for (Cell cell : List.of(
                new Cell(0, Condition.CLEAN, 0),
                new Cell(0, Condition.PROTECTED, 11),
                new Cell(0, Condition.PROTECTED, 16))) {
            Path drawn = Files.createDirectories(home.resolve(cell.key()).resolve("drawn"));
            Picture grey = Picture.of(side, side, new byte[3 * side * side]);
            for (int i = 0; i < 6; i++) {
                PictureWriter.write(drawn.resolve(i + ".png"), PictureWriter.png(grey));
            }
            PictureWriter.write(
                    home.resolve(cell.key()).resolve("trained-on.png"),
                    PictureWriter.png(Picture.of(4 * side, side, new byte[3 * 4 * side * side])));
        }
        assertThat(Gallery.of(home, Cell.all(1, List.of(24.0)), 24, side)).isPresent();
        assertThat(Gallery.of(home.resolve("nothing"), Cell.all(1, BUDGETS), 16, side))
                .isEmpty();
        Picture gallery = Gallery.of(home, Cell.all(1, BUDGETS), 16, side).orElseThrow();
        assertThat(gallery.width()).isEqualTo(11 * side);
        assertThat(gallery.height()).isEqualTo(2 * side);
    }

    private void scores(Cell cell, String json) throws IOException {
        Path folder = Files.createDirectories(home.resolve(cell.key()));
        Files.writeString(folder.resolve("scores.json"), json);
    }
}
