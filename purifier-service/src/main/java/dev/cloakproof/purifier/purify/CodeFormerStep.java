package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.vision.face.Alignment;
import dev.cloakproof.vision.face.Face;
import dev.cloakproof.vision.face.FaceDetector;
import dev.cloakproof.vision.face.FaceParts;
import dev.cloakproof.vision.face.PasteBack;
import dev.cloakproof.vision.face.Point;
import dev.cloakproof.vision.image.AffineMap;
import dev.cloakproof.vision.image.Frame;
import dev.cloakproof.vision.image.OpenCvResize;
import dev.cloakproof.vision.image.Plane;
import dev.cloakproof.vision.image.Warp;
import dev.cloakproof.vision.restore.CodeFormer;
import dev.cloakproof.vision.restore.ParseNet;
import java.util.List;

/**
 * Restores every face of a picture and enlarges the rest: the first half of CodeSR (paper, 4.2; sczhou/CodeFormer,
 * {@code inference_codeformer.py}). A picture without a face is only enlarged, and the result says so.
 */
public final class CodeFormerStep implements PurificationStep {
    private static final String NAME = "codeformer";
    /** Side of the published restorer's face, for which the distances here are. */
    private static final double TEMPLATE = 512;
    /** Faces whose eyes are nearer than this, in pixels, are left alone. */
    private static final double LEAST_EYE_DISTANCE = 5;
    /** Beyond the picture's edge an aligned face is grey: red, green, blue. */
    private static final int[] BORDER = {132, 133, 135};

    private static final StepDescription DESCRIPTION = new StepDescription(
            NAME,
            "faces restored from a learned codebook, the rest enlarged",
            "seconds a face; RetinaFace, CodeFormer, ParseNet",
            List.of(
                    Setting.number("w", "fidelity: 0 for the best quality, 1 for the most faithful", "", 0, 1, 0.5),
                    Setting.whole("upscale", "how many times larger the result is", "times", 1, 4, 2),
                    Setting.whole("adain", "1 to keep the input's colours", "", 0, 1, 1),
                    Setting.whole(
                            "parse", "1 to leave hair, neck and cloth alone, 0 to paste the square", "", 0, 1, 1)));

    private final FaceDetector detector;
    private final CodeFormer restorer;
    private final ParseNet parser;

    /** @param parser may be null where no chain sets {@code parse} to 1; all stay the caller's to close */
    public CodeFormerStep(FaceDetector detector, CodeFormer restorer, ParseNet parser) {
        this.detector = detector;
        this.restorer = restorer;
        this.parser = parser;
    }

    @Override
    public StepDescription description() {
        return DESCRIPTION;
    }

    @Override
    public Picture apply(Picture picture, Settings settings, PurificationRun run) {
        int upscale = settings.whole("upscale");
        // 1. at least as large as the restorer's face, and room for the result
        Picture input = atLeast(picture, upscale);
        // 2. the faces
        List<Face> faces = detector.detect(input).stream()
                .filter(face -> eyeDistance(face)
                        >= LEAST_EYE_DISTANCE * restorer.config().size() / TEMPLATE)
                .toList();
        run.faces(faces.size());
        if (faces.isEmpty()) {
            run.note("codeformer: no face found, the picture is only enlarged");
        }
        boolean grey = isGrey(input);
        Picture result = OpenCvResize.linear(input, input.width() * upscale, input.height() * upscale);
        for (int i = 0; i < faces.size(); i++) {
            run.progress(NAME, i, faces.size());
            // 3. brought to the network's frame, restored, and put back over its softened outline
            AffineMap alignment = Alignment.leastMedian(faces.get(i).landmarks(), Alignment.FFHQ_512);
            result = paste(result, restored(input, alignment, settings, grey), alignment, settings);
        }
        return result;
    }

    private Picture atLeast(Picture picture, int upscale) {
        int shorter = Math.min(picture.width(), picture.height());
        double scale = Math.max(1, (double) restorer.config().size() / shorter);
        long width = (long) (picture.width() * scale);
        long height = (long) (picture.height() * scale);
        PictureSize.check(NAME, width * upscale, height * upscale);
        return OpenCvResize.linear(picture, (int) width, (int) height);
    }

    private static double eyeDistance(Face face) {
        Point left = face.landmarks().get(0);
        Point right = face.landmarks().get(1);
        return Math.hypot(left.x() - right.x(), left.y() - right.y());
    }

    private Picture restored(Picture input, AffineMap alignment, Settings settings, boolean grey) {
        int size = restorer.config().size();
        AffineMap sized = alignment.scaled(size / TEMPLATE);
        Picture aligned = Warp.picture(input, sized, Frame.of(size, size), BORDER);
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            Tensor face = PictureTensors.signed(List.of(aligned))
                    .to(restorer.device())
                    .to(restorer.dtype());
            Tensor out = restorer.restore(face, settings.number("w"), settings.flag("adain"))
                    .face();
            if (!out.allFinite()) {
                throw new PurificationException("codeformer: the restored face is not a number somewhere");
            }
            Picture restored = PictureTensors.ofSigned(out).getFirst();
            return grey ? greyed(restored) : restored;
        }
    }

    private Picture paste(Picture background, Picture face, AffineMap alignment, Settings settings) {
        AffineMap sized = alignment.scaled(face.width() / TEMPLATE);
        return PasteBack.paste(background, face, sized, settings.whole("upscale"), parts(face, settings));
    }

    private Plane parts(Picture face, Settings settings) {
        if (!settings.flag("parse")) {
            return null;
        }
        if (parser == null) {
            throw new PurificationException("codeformer: parse=1 needs ParseNet, which was not loaded");
        }
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            Tensor pixels = PictureTensors.signed(List.of(face));
            return FaceParts.mask(parser.classes(pixels.to(parser.device()).to(parser.dtype())));
        }
    }

    /** Whether the channels hardly differ: the mean variance of their differences is at most 10. */
    static boolean isGrey(Picture picture) {
        byte[] rgb = picture.rgb();
        int pixels = picture.width() * picture.height();
        double[] sum = new double[3];
        double[] squares = new double[3];
        for (int i = 0; i < rgb.length; i += 3) {
            for (int c = 0; c < 3; c++) {
                double difference = (rgb[i + c] & 0xff) - (rgb[i + (c + 1) % 3] & 0xff);
                sum[c] += difference;
                squares[c] += difference * difference;
            }
        }
        double variance = 0;
        for (int c = 0; c < 3; c++) {
            variance += (squares[c] / pixels - Math.pow(sum[c] / pixels, 2)) / 3;
        }
        return variance <= 10;
    }

    private static Picture greyed(Picture picture) {
        byte[] rgb = picture.rgb();
        for (int i = 0; i < rgb.length; i += 3) {
            double level = 0.2989 * (rgb[i] & 0xff) + 0.5870 * (rgb[i + 1] & 0xff) + 0.1140 * (rgb[i + 2] & 0xff);
            byte rounded = (byte) Math.round(level);
            rgb[i] = rounded;
            rgb[i + 1] = rounded;
            rgb[i + 2] = rounded;
        }
        return Picture.of(picture.width(), picture.height(), rgb);
    }
}
