package dev.cloakproof.purifier.purify;

import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.nn.Batches;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Restores every face of a picture and enlarges the rest: the first half of CodeSR (paper, 4.2; sczhou/CodeFormer,
 * {@code inference_codeformer.py}). A picture without a face is only enlarged, and the result says so.
 */
public final class CodeFormerStep implements PurificationStep {
    private static final String NAME = "codeformer";
    /** Side of the published restorer's face, for which the distances here are. */
    private static final double TEMPLATE = 512;
    /** Faces of the published size that are restored at once: the network's maps then take about 1 GB. */
    private static final int TOGETHER = 4;

    private static final int MOST_TOGETHER = 32;
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
    public boolean gainsTogether() {
        return true;
    }

    @Override
    public Picture apply(Picture picture, Settings settings, PurificationRun run) {
        return apply(List.of(picture), settings, List.of(run)).getFirst().orThrow();
    }

    /** A face of one of several pictures. */
    private record Found(int picture, AffineMap alignment, Picture aligned) {}

    @Override
    public List<Attempt> apply(List<Picture> pictures, Settings settings, List<PurificationRun> runs) {
        int upscale = settings.whole("upscale");
        // 1. at least as large as the restorer's face, and room for the result
        List<Attempt> inputs = pictures.stream()
                .map(picture -> Attempt.of(() -> atLeast(picture, upscale)))
                .toList();
        // 2. the faces, brought to the network's frame
        List<Found> found = found(inputs, runs);
        // 3. restored, and their parts told apart
        List<Attempt> faces = restored(found, settings, runs);
        List<Plane> parts = parts(faces, settings);
        // 4. put back over their softened outlines
        List<Attempt> results = new ArrayList<>();
        for (Attempt input : inputs) {
            results.add(input.then(
                    picture -> OpenCvResize.linear(picture, picture.width() * upscale, picture.height() * upscale)));
        }
        for (int i = 0; i < found.size(); i++) {
            Found face = found.get(i);
            Attempt restored = faces.get(i);
            Plane mask = parts.get(i);
            results.set(face.picture(), results.get(face.picture()).then(background -> {
                boolean grey = isGrey(inputs.get(face.picture()).orThrow());
                Picture colours = grey ? greyed(restored.orThrow()) : restored.orThrow();
                AffineMap sized = face.alignment().scaled(colours.width() / TEMPLATE);
                return PasteBack.paste(background, colours, sized, upscale, mask);
            }));
        }
        return results;
    }

    private List<Found> found(List<Attempt> inputs, List<PurificationRun> runs) {
        List<Integer> taken = IntStream.range(0, inputs.size())
                .filter(i -> inputs.get(i) instanceof Attempt.Made)
                .boxed()
                .toList();
        List<List<Face>> detected =
                detector.detect(taken.stream().map(i -> inputs.get(i).orThrow()).toList());
        List<Found> all = new ArrayList<>();
        int size = restorer.config().size();
        for (int i = 0; i < taken.size(); i++) {
            PurificationRun run = runs.get(taken.get(i));
            Picture input = inputs.get(taken.get(i)).orThrow();
            List<Face> faces = detected.get(i).stream()
                    .filter(face -> eyeDistance(face) >= LEAST_EYE_DISTANCE * size / TEMPLATE)
                    .toList();
            run.faces(faces.size());
            if (faces.isEmpty()) {
                run.note("codeformer: no face found, the picture is only enlarged");
            }
            for (Face face : faces) {
                AffineMap alignment = Alignment.leastMedian(face.landmarks(), Alignment.FFHQ_512);
                Picture aligned = Warp.picture(input, alignment.scaled(size / TEMPLATE), Frame.of(size, size), BORDER);
                all.add(new Found(taken.get(i), alignment, aligned));
            }
        }
        return all;
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

    /** The restored faces; refused where the network has no numbers for one. */
    private List<Attempt> restored(List<Found> found, Settings settings, List<PurificationRun> runs) {
        int[] done = {0};
        return Batches.of(found, together(), batch -> {
            batch.forEach(face -> runs.get(face.picture()).progress(NAME, done[0]++, found.size()));
            try (var _ = Scope.open();
                    var _ = Autograd.pause()) {
                Tensor pixels =
                        PictureTensors.signed(batch.stream().map(Found::aligned).toList());
                Tensor out = restorer.restore(
                                pixels.to(restorer.device()).to(restorer.dtype()),
                                settings.number("w"),
                                settings.flag("adain"))
                        .face();
                List<Picture> pictures = PictureTensors.ofSigned(out);
                List<Attempt> attempts = new ArrayList<>();
                for (int i = 0; i < batch.size(); i++) {
                    boolean finite = out.narrow(0, i, 1).allFinite();
                    attempts.add(
                            finite
                                    ? new Attempt.Made(pictures.get(i))
                                    : new Attempt.Refused(new PurificationException(
                                            "codeformer: the restored face is not a number somewhere")));
                }
                return attempts;
            }
        });
    }

    /** Which pixels of each face belong to it, 0 to 1; null for all. */
    private List<Plane> parts(List<Attempt> faces, Settings settings) {
        List<Plane> planes = new ArrayList<>(Collections.nCopies(faces.size(), null));
        if (!settings.flag("parse")) {
            return planes;
        }
        if (parser == null && !faces.isEmpty()) {
            throw new IllegalStateException("codeformer: parse=1 needs ParseNet, which was not given");
        }
        List<Integer> made = IntStream.range(0, faces.size())
                .filter(i -> faces.get(i) instanceof Attempt.Made)
                .boxed()
                .toList();
        List<Plane> masks = Batches.of(made, together(), batch -> {
            try (var _ = Scope.open();
                    var _ = Autograd.pause()) {
                Tensor pixels = PictureTensors.signed(
                        batch.stream().map(i -> faces.get(i).orThrow()).toList());
                Tensor classes = parser.classes(pixels.to(parser.device()).to(parser.dtype()));
                return IntStream.range(0, batch.size())
                        .mapToObj(i -> FaceParts.mask(classes.narrow(0, i, 1)))
                        .toList();
            }
        });
        for (int i = 0; i < made.size(); i++) {
            planes.set(made.get(i), masks.get(i));
        }
        return planes;
    }

    /** How many faces are restored at once. */
    private int together() {
        int side = restorer.config().size();
        return Math.clamp((long) (TOGETHER * TEMPLATE * TEMPLATE / (side * side)), 1, MOST_TOGETHER);
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
