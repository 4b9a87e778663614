package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureReader;
import dev.cloakproof.tensor.image.PictureWriter;
import java.util.List;

/** JPEG compression, 4:2:0, as Pillow does it. */
public final class JpegStep implements PurificationStep {
    private static final StepDescription DESCRIPTION = new StepDescription(
            "jpeg",
            "JPEG compression and back",
            "milliseconds, no weights",
            List.of(Setting.whole("quality", "libjpeg's quality", "", 1, 100, 75)));

    @Override
    public StepDescription description() {
        return DESCRIPTION;
    }

    @Override
    public Picture apply(Picture picture, Settings settings, PurificationRun run) {
        return PictureReader.DEFAULT.read(PictureWriter.jpeg(picture, settings.whole("quality")));
    }
}
