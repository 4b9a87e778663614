package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.Picture;
import java.util.List;

/** Leaves the picture as it is: what the other methods are compared with. */
public final class NoneStep implements PurificationStep {
    private static final StepDescription DESCRIPTION =
            new StepDescription("none", "nothing: the picture as it is", "nothing", List.of());

    @Override
    public StepDescription description() {
        return DESCRIPTION;
    }

    @Override
    public Picture apply(Picture picture, Settings settings, PurificationRun run) {
        return picture;
    }
}
