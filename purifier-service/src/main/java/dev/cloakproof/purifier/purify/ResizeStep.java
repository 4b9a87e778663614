package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Framing;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.Resampling;
import java.util.List;

/** Brings the shorter side to a length by Pillow's bicubic filter; the proportion stays. */
public final class ResizeStep implements PurificationStep {
    private static final StepDescription DESCRIPTION = new StepDescription(
            "resize",
            "another size",
            "milliseconds, no weights",
            List.of(Setting.whole("side", "the shorter side", "pixels", 8, 4096, 512)));

    @Override
    public StepDescription description() {
        return DESCRIPTION;
    }

    @Override
    public Picture apply(Picture picture, Settings settings, PurificationRun run) {
        int side = settings.whole("side");
        int shorter = Math.min(picture.width(), picture.height());
        long longer = (long) Math.max(picture.width(), picture.height()) * side / shorter;
        if (longer > PictureSize.LONGEST) {
            throw new PurificationException("resize: the longer side of " + picture + " would be " + longer
                    + " pixels, at most " + PictureSize.LONGEST + " are made");
        }
        return Framing.shorterSide(picture, side, Resampling.BICUBIC);
    }
}
