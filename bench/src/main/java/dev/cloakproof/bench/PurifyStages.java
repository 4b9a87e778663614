package dev.cloakproof.bench;

import dev.cloakproof.diffusion.unet.UNet;
import dev.cloakproof.diffusion.vae.Autoencoder;
import dev.cloakproof.tensor.Autograd;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Scope;
import dev.cloakproof.tensor.Segments;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.image.PictureTensors;
import dev.cloakproof.tensor.nn.Batches;
import dev.cloakproof.tensor.nn.Placement;
import dev.cloakproof.vision.face.Alignment;
import dev.cloakproof.vision.face.FaceParts;
import dev.cloakproof.vision.face.PasteBack;
import dev.cloakproof.vision.face.Point;
import dev.cloakproof.vision.face.RetinaDetector;
import dev.cloakproof.vision.face.RetinaFace;
import dev.cloakproof.vision.image.AffineMap;
import dev.cloakproof.vision.image.Frame;
import dev.cloakproof.vision.image.OpenCvResize;
import dev.cloakproof.vision.image.Warp;
import dev.cloakproof.vision.restore.CodeFormer;
import dev.cloakproof.vision.restore.ParseNet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntConsumer;

/** The stages of CodeSR, as {@code bench/reference/vision_reference.py} has them. */
final class PurifyStages {
    static final int SIDE = 512;
    /** Of a face that fills a picture: eyes, nose, corners of the mouth. */
    static final List<Point> LANDMARKS = List.of(
            new Point(203.0, 200.8),
            new Point(316.3, 202.8),
            new Point(260.0, 266.2),
            new Point(205.5, 341.3),
            new Point(313.0, 341.3));

    private static final int[] GREY = {132, 133, 135};
    private static final int UPSCALE = 2;
    private static final int TOGETHER = 4;

    private final Path folder;
    private final int batch;
    private final Stages stages;

    PurifyStages(Path folder, int batch, Stages stages) {
        this.folder = folder;
        this.batch = batch;
        this.stages = stages;
    }

    /** @param side of the small copy that is enlarged */
    void measure(int side) {
        List<Picture> pictures = pictures(batch);
        try (var network = RetinaFace.load(folder.resolve("detector"), Placement.REFERENCE)) {
            var detector = new RetinaDetector(network);
            stages.measure("detect", count -> detector.detect(pictures.subList(0, count)));
        }
        stages.measure("align", count -> pictures.subList(0, count).forEach(PurifyStages::aligned));
        Picture face = aligned(pictures.getFirst());
        try (var network = CodeFormer.load(folder.resolve("codeformer"), Placement.REFERENCE)) {
            stages.measure(
                    "restore",
                    count -> Batches.of(Collections.nCopies(count, face), TOGETHER, faces -> restored(network, faces)));
        }
        try (var network = ParseNet.load(folder.resolve("parser"), Placement.REFERENCE)) {
            stages.measure(
                    "align_parse_paste",
                    count -> pictures.subList(0, count).forEach(picture -> pasted(network, picture, face)));
        }
        upscaler(side);
    }

    private void upscaler(int side) {
        int together = Math.max(1, TOGETHER * 128 * 128 / (side * side));
        Path upscaler = folder.resolve("upscaler");
        try (var unet = UNet.load(upscaler.resolve("unet"), Placement.REFERENCE)) {
            stages.measure("upscale_one_step", count -> in(count, together, some -> step(unet, 2 * some, side)));
        }
        try (var vae = Autoencoder.load(upscaler.resolve("vae"), Placement.REFERENCE)) {
            stages.measure("decode", count -> in(count, 1, _ -> decode(vae, side)));
        }
    }

    private static void in(int count, int together, IntConsumer work) {
        for (int at = 0; at < count; at += together) {
            work.accept(Math.min(together, count - at));
        }
    }

    private static void step(UNet unet, int rows, int side) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            Generator noise = Generator.seeded(0);
            Tensor latents = noise.normal(rows, unet.config().inChannels(), side, side);
            Tensor text = noise.normal(rows, 77, unet.config().contextWidth());
            Tensor time = Tensor.full(981, DType.F32, rows);
            Tensor level = Tensor.full(20, DType.I64, rows);
            finite(unet.predict(latents, time, text, level, Segments.DIRECT));
        }
    }

    private static void decode(Autoencoder vae, int side) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            finite(vae.decode(Generator.seeded(0).normal(1, vae.config().latentChannels(), side, side)));
        }
    }

    private static void finite(Tensor out) {
        if (!out.allFinite()) {
            throw new IllegalStateException("the output is not finite: the numbers would mean nothing");
        }
    }

    private static Picture aligned(Picture picture) {
        AffineMap map = Alignment.leastMedian(LANDMARKS, Alignment.FFHQ_512);
        return Warp.picture(picture, map, Frame.of(SIDE, SIDE), GREY);
    }

    private static List<Picture> restored(CodeFormer network, List<Picture> faces) {
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            return PictureTensors.ofSigned(
                    network.restore(PictureTensors.signed(faces), 0.5, true).face());
        }
    }

    /** The alignment belongs to it on the reference's side, whose helper keeps it. */
    private static void pasted(ParseNet network, Picture picture, Picture face) {
        aligned(picture);
        try (var _ = Scope.open();
                var _ = Autograd.pause()) {
            var parts = FaceParts.mask(network.classes(PictureTensors.signed(List.of(face))));
            AffineMap map = Alignment.leastMedian(LANDMARKS, Alignment.FFHQ_512);
            Picture large = OpenCvResize.linear(picture, UPSCALE * SIDE, UPSCALE * SIDE);
            PasteBack.paste(large, face, map, UPSCALE, parts);
        }
    }

    /** Pictures of noise. */
    static List<Picture> pictures(int count) {
        List<Picture> pictures = new ArrayList<>();
        var random = new Random(0);
        for (int i = 0; i < count; i++) {
            byte[] rgb = new byte[SIDE * SIDE * Picture.CHANNELS];
            random.nextBytes(rgb);
            pictures.add(Picture.of(SIDE, SIDE, rgb));
        }
        return pictures;
    }
}
