package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.image.GaussianBlur;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.vision.image.Plane;
import java.util.List;

/**
 * Gaussian filtering. The paper names a kernel of 5 pixels; its code blurs with a standard deviation of 5, which is far
 * stronger (facts of the released code, {@code gau.py}).
 */
public final class GaussianStep implements PurificationStep {
    private static final StepDescription DESCRIPTION = new StepDescription(
            "gaussian",
            "Gaussian filtering",
            "milliseconds, no weights",
            List.of(
                    Setting.whole(
                                    "kernel",
                                    "side of the kernel, odd; 0 for as wide as sigma needs",
                                    "pixels",
                                    0,
                                    255,
                                    5)
                            .official(0),
                    Setting.number(
                                    "sigma",
                                    "standard deviation; 0 for what OpenCV takes for the kernel",
                                    "pixels",
                                    0,
                                    100,
                                    0)
                            .official(5)));

    @Override
    public StepDescription description() {
        return DESCRIPTION;
    }

    @Override
    public void check(Settings settings) {
        int kernel = settings.whole("kernel");
        if (kernel != 0 && kernel % 2 == 0) {
            throw new IllegalArgumentException("kernel: a kernel's side is odd, found " + kernel);
        }
    }

    @Override
    public Picture apply(Picture picture, Settings settings, PurificationRun run) {
        int kernel = settings.whole("kernel");
        double sigma = settings.number("sigma");
        if (kernel == 0) {
            return GaussianBlur.of(picture, (float) sigma);
        }
        byte[] rgb = picture.rgb();
        float[] channel = new float[picture.width() * picture.height()];
        for (int c = 0; c < Picture.CHANNELS; c++) {
            for (int i = 0; i < channel.length; i++) {
                channel[i] = rgb[i * Picture.CHANNELS + c] & 0xff;
            }
            Plane blurred = new Plane(picture.width(), picture.height(), channel).blurred(kernel, sigma);
            for (int i = 0; i < channel.length; i++) {
                rgb[i * Picture.CHANNELS + c] = (byte) Math.round(blurred.values()[i]);
            }
        }
        return Picture.of(picture.width(), picture.height(), rgb);
    }
}
