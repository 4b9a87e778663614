package dev.cloakproof.pretraining.perception;

import dev.cloakproof.diffusion.tokenizer.ClipTokenizer;
import dev.cloakproof.portraits.Domain;
import dev.cloakproof.portraits.catalog.Domains;
import dev.cloakproof.portraits.catalog.PortraitSheet;
import dev.cloakproof.pretraining.lesson.Draws;
import dev.cloakproof.pretraining.lesson.HalfPrecision;
import dev.cloakproof.pretraining.lesson.Lesson;
import dev.cloakproof.pretraining.lesson.Plan;
import dev.cloakproof.pretraining.world.Album;
import dev.cloakproof.tensor.DType;
import dev.cloakproof.tensor.Functions;
import dev.cloakproof.tensor.Generator;
import dev.cloakproof.tensor.Tensor;
import dev.cloakproof.tensor.image.Picture;
import dev.cloakproof.tensor.nn.Linear;
import dev.cloakproof.tensor.nn.Parameters;
import dev.cloakproof.vision.block.NetworkFolder;
import dev.cloakproof.vision.clip.Clip;
import dev.cloakproof.vision.clip.ClipPictures;
import dev.cloakproof.vision.quality.ClipIqac;
import dev.cloakproof.vision.quality.Liqe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Pictures and sentences into one space. Whole pictures are matched with what is said of them (Radford et al. 2021); all
 * pictures, half of them seen through a patch as LIQE sees them, with sentences on their quality: LIQE's, for one scene
 * at a time, and CLIP-IQAC's.
 */
final class ClipLesson implements Lesson {
    private static final double ARTWORKS = 0.25;
    private static final double CLEAN = 0.25;
    /** Of the worse ones, that many more are compressed: how much is harder to learn than of all other blemishes. */
    private static final double COMPRESSED = 0.2;

    private static final double PATCHES = 0.5;
    private static final String NONE = "other";
    /** Its gradients are large, for cosines are multiplied by 100. */
    private static final double IQAC = 0.3;
    /** What CLIP-IQAC multiplies cosines by. */
    private static final double IQAC_SCALE = 100;

    /** Distortions that pictures here have; "other" stands for none. */
    private static final List<String> SAID = Stream.concat(
                    Stream.of(NONE), Arrays.stream(Blemish.values()).map(Blemish::distortion))
            .distinct()
            .toList();

    private final Clip clip;
    private final ClipTokenizer tokenizer;
    private final Album album;
    private final Plan plan;
    private final int batch;
    private final int portraits;
    private final int artworks;
    private final Parameters answers;
    private final Linear kind;
    private final Linear strength;

    ClipLesson(
            Clip clip,
            ClipTokenizer tokenizer,
            Album album,
            Plan plan,
            int batch,
            int portraits,
            int artworks,
            long seed) {
        this.clip = clip;
        this.tokenizer = tokenizer;
        this.album = album;
        this.plan = plan;
        this.batch = batch;
        this.portraits = portraits;
        this.artworks = artworks;
        answers = Parameters.drawn(Generator.seeded(seed));
        kind = new Linear(answers.at("kind"), clip.config().embedding(), Blemish.values().length + 1);
        strength = new Linear(answers.at("strength"), clip.config().embedding(), 1);
    }

    /**
     * One picture of a batch.
     *
     * @param seen the network's square of it
     * @param caption empty where only a patch is seen
     * @param quality 0 to 1
     */
    private record Example(
            Picture seen, Optional<String> caption, String noun, double quality, Optional<Blemish> blemish) {
        String distortion() {
            return blemish.map(Blemish::distortion).orElse(NONE);
        }
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public Map<String, Tensor> parameters() {
        Map<String, Tensor> parameters = new LinkedHashMap<>(clip.parameters().all());
        answers.all().forEach((name, tensor) -> parameters.put("answers." + name, tensor));
        return parameters;
    }

    @Override
    public Outcome attempt(Draws draws) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            examples.add(example(i < batch * PATCHES, draws));
        }
        Tensor pictures = clip.encodePictures(ClipPictures.framed(
                examples.stream().map(Example::seen).toList(), clip.config().size()));
        Tensor matching = matching(examples, pictures);
        Tensor quality = liqe(examples, pictures, draws);
        Tensor iqac = iqac(examples, pictures);
        Tensor seen = seen(examples, pictures);
        return new Outcome(
                matching.mul(0.5).add(quality).add(iqac, IQAC).add(seen),
                Map.of(
                        "matching", matching.item(),
                        "liqe", quality.item(),
                        "iqac", iqac.item(),
                        "seen", seen.item(),
                        "scale", clip.scale()));
    }

    private Example example(boolean patch, Draws draws) {
        boolean art = draws.chance(ARTWORKS);
        Domain<?, ?> domain = Domains.all().get(art ? 1 : 0);
        int index = draws.below(art ? artworks : portraits);
        Picture picture = album.picture(art ? Album.Kind.ARTWORK : Album.Kind.PORTRAIT, index);
        double quality = 1;
        Optional<Blemish> worse = Optional.empty();
        if (!draws.chance(CLEAN)) {
            Blemish blemish =
                    draws.chance(COMPRESSED) ? Blemish.JPEG : Blemish.values()[draws.below(Blemish.values().length)];
            double strength = draws.between(0, 1);
            picture = blemish.of(picture, strength, draws);
            quality = 1 - strength;
            worse = Optional.of(blemish);
        }
        String noun = art ? "artwork" : draws.chance(0.7) ? "face" : "person";
        if (patch) {
            int side = clip.config().size();
            int left = draws.below(picture.width() - side + 1);
            int top = draws.below(picture.height() - side + 1);
            return new Example(picture.crop(left, top, side, side), Optional.empty(), noun, quality, worse);
        }
        String caption =
                domain.caption(index / Album.WORKS, index, draws.numbers().nextLong(), Optional.empty());
        return new Example(picture, Optional.of(caption), noun, quality, worse);
    }

    /** Every picture finds its sentence, every sentence its picture. */
    private Tensor matching(List<Example> examples, Tensor pictures) {
        List<String> captions = new ArrayList<>();
        List<Long> rows = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            if (examples.get(i).caption().isPresent()) {
                captions.add(examples.get(i).caption().get());
                rows.add((long) i);
            }
        }
        Tensor whole = pictures.indexSelect(0, indices(rows));
        Tensor logits = clip.logits(whole, texts(captions));
        Tensor targets = Tensor.range(rows.size()).to(DType.I64);
        return Functions.crossEntropy(logits, targets, -1)
                .add(Functions.crossEntropy(logits.transpose(0, 1), targets, -1))
                .mul(0.5);
    }

    /** The quality's share of all sentences is what LIQE reads; the distortion's keeps the sentences apart. */
    private Tensor liqe(List<Example> examples, Tensor pictures, Draws draws) {
        String scene = draws.chance(0.5) ? "human" : Liqe.SCENES.get(draws.below(Liqe.SCENES.size()));
        List<String> sentences = new ArrayList<>();
        for (String quality : Liqe.QUALITIES) {
            SAID.forEach(distortion -> sentences.add(Liqe.prompt(quality, scene, distortion)));
        }
        int levels = Liqe.QUALITIES.size();
        Tensor shares =
                Functions.softmax(clip.logits(pictures, texts(sentences)), 1).reshape(batch, levels, SAID.size());
        float[] levelsWanted = new float[batch * levels];
        float[] distortionsWanted = new float[batch * SAID.size()];
        for (int i = 0; i < batch; i++) {
            double place = examples.get(i).quality() * (levels - 1);
            int below = Math.min((int) place, levels - 2);
            levelsWanted[i * levels + below] = (float) (below + 1 - place);
            levelsWanted[i * levels + below + 1] = (float) (place - below);
            distortionsWanted[i * SAID.size() + SAID.indexOf(examples.get(i).distortion())] = 1;
        }
        Tensor quality = unlike(shares.sum(false, 2), Tensor.of(levelsWanted, batch, levels));
        Tensor kind = unlike(shares.sum(false, 1), Tensor.of(distortionsWanted, batch, SAID.size()));
        return quality.add(kind, 0.3);
    }

    /** How much better the good sentence fits than the bad one. */
    private Tensor iqac(List<Example> examples, Tensor pictures) {
        List<String> nouns = examples.stream().map(Example::noun).distinct().toList();
        List<String> sentences =
                nouns.stream().flatMap(noun -> ClipIqac.prompts(noun).stream()).toList();
        Tensor cosines =
                Clip.normalise(pictures).matmul(Clip.normalise(texts(sentences)).transpose(0, 1)); // (batch, 2 nouns)
        List<Long> good = new ArrayList<>();
        float[] wanted = new float[2 * batch];
        for (int i = 0; i < batch; i++) {
            good.add((long) i * sentences.size()
                    + 2L * nouns.indexOf(examples.get(i).noun()));
            wanted[2 * i] = (float) examples.get(i).quality();
            wanted[2 * i + 1] = (float) (1 - examples.get(i).quality());
        }
        Tensor flat = cosines.reshape((long) batch * sentences.size());
        Tensor pairs = Tensor.stack(
                List.of(
                        flat.indexSelect(0, indices(good)),
                        flat.indexSelect(
                                0, indices(good.stream().map(at -> at + 1).toList()))),
                1);
        return unlike(Functions.softmax(pairs.mul(IQAC_SCALE), 1), Tensor.of(wanted, batch, 2));
    }

    /** Without any words: what was done to the picture, and how much. It shows the picture's tower what to look at. */
    private Tensor seen(List<Example> examples, Tensor pictures) {
        long[] kinds = new long[batch];
        float[] qualities = new float[batch];
        for (int i = 0; i < batch; i++) {
            kinds[i] = examples.get(i).blemish().map(Blemish::ordinal).orElse(Blemish.values().length);
            qualities[i] = (float) examples.get(i).quality();
        }
        return Functions.crossEntropy(kind.forward(pictures), Tensor.of(kinds, batch), -1)
                .mul(0.3)
                .add(Functions.mse(strength.forward(pictures), Tensor.of(qualities, batch, 1)), 5);
    }

    /** The cross entropy of probabilities, both (batch, classes). */
    private static Tensor unlike(Tensor found, Tensor wanted) {
        return found.add(1e-6).log().mul(wanted).sum(false, 1).mean().neg();
    }

    private Tensor texts(List<String> sentences) {
        Tensor ids = tokenizer.encode(sentences).toTensor();
        // Behind the end of the longest there is nothing to read.
        long longest = 1;
        for (long end : ids.argmax(1).toLongs()) {
            longest = Math.max(longest, end + 1);
        }
        return clip.encodeTexts(ids.narrow(1, 0, longest));
    }

    private static Tensor indices(List<Long> rows) {
        return Tensor.of(rows.stream().mapToLong(Long::longValue).toArray(), rows.size());
    }

    /** Every blemish at growing strength. */
    @Override
    public Picture sheet() {
        List<List<Picture>> rows = new ArrayList<>();
        for (Blemish blemish : Blemish.values()) {
            List<Picture> row = new ArrayList<>();
            for (int i = 0; i <= 4; i++) {
                row.add(blemish.of(album.picture(Album.Kind.PORTRAIT, 8 * blemish.ordinal()), i / 4.0, Draws.of(i)));
            }
            rows.add(row);
        }
        return PortraitSheet.of(rows);
    }

    @Override
    public void save(Path folder, Map<String, String> metadata) throws IOException {
        NetworkFolder.write(folder, clip.config().toJson((int) tokenizer.encode("")[0]));
        HalfPrecision.save(
                folder.resolve("model.safetensors"), clip.parameters().all(), metadata);
    }

    @Override
    public void close() {
        clip.close();
        answers.close();
    }
}
