package dev.cloakproof.evaluator.evaluate;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can be said of a picture in one number, with its range and which end is better. */
public enum Metric {
    IMS_IP(
            "ims_ip",
            "likeness to the references by ArcFace",
            -1,
            1,
            Direction.HIGHER,
            Needs.REFERENCES,
            "ArcFace (Deng et al. 2019), antelopev2"),
    IMS_VGG(
            "ims_vgg",
            "likeness to the references by VGG-Face",
            -1,
            1,
            Direction.HIGHER,
            Needs.REFERENCES,
            "deepface 0.0.79, MetaCloak's script"),
    /** 0.7 {@link #IMS_IP} + 0.3 {@link #IMS_VGG}. */
    IMS(
            "ims",
            "identity matching similarity",
            -1,
            1,
            Direction.HIGHER,
            Needs.REFERENCES,
            "the paper: 0.7 ims_ip + 0.3 ims_vgg"),
    LIQE("liqe", "quality by LIQE", 1, 5, Direction.HIGHER, Needs.NOTHING, "LIQE (Zhang et al. 2023)"),
    CLIP_IQAC(
            "clip_iqac",
            "quality by CLIP with the class noun",
            -1,
            1,
            Direction.HIGHER,
            Needs.NOTHING,
            "CLIP-IQA (Wang et al. 2023), MetaCloak's script"),
    /** The mean of {@link #LIQE}, brought to -1 to 1, and {@link #CLIP_IQAC}. */
    Q(
            "q",
            "graphical quality",
            -1,
            1,
            Direction.HIGHER,
            Needs.NOTHING,
            "the paper: mean of liqe, brought to -1 to 1, and clip_iqac"),
    /** LIQE alone, brought to -1 to 1: what the column Q of the paper's Table 5 holds, in all of its rows. */
    Q_LIQE("q_liqe", "graphical quality by LIQE alone", -1, 1, Direction.HIGHER, Needs.NOTHING, "the paper's Table 5"),
    /** The mean of {@link #IMS} and {@link #Q}. */
    AVERAGE(
            "average",
            "mean of identity and quality",
            -1,
            1,
            Direction.HIGHER,
            Needs.REFERENCES,
            "the paper: mean of ims and q"),
    LPIPS_ALEX(
            "lpips_alex",
            "perceptual distance by AlexNet",
            0,
            Double.MAX_VALUE,
            Direction.LOWER,
            Needs.COUNTERPARTS,
            "LPIPS 0.1 (Zhang et al. 2018)"),
    LPIPS_VGG(
            "lpips_vgg",
            "perceptual distance by VGG-16",
            0,
            Double.MAX_VALUE,
            Direction.LOWER,
            Needs.COUNTERPARTS,
            "LPIPS 0.1 (Zhang et al. 2018)"),
    SSIM("ssim", "structural similarity", -1, 1, Direction.HIGHER, Needs.COUNTERPARTS, "Wang et al. 2004"),
    MS_SSIM(
            "ms_ssim",
            "structural similarity over five scales",
            0,
            1,
            Direction.HIGHER,
            Needs.COUNTERPARTS,
            "Wang et al. 2003"),
    PSNR(
            "psnr",
            "peak signal-to-noise ratio in dB, at most 80",
            -1e-6,
            80,
            Direction.HIGHER,
            Needs.COUNTERPARTS,
            "ITU-T J.340");

    /** Which end of a scale is better. */
    public enum Direction {
        HIGHER,
        LOWER
    }

    /** What a picture is compared with. */
    public enum Needs {
        /** With nothing. */
        NOTHING,
        /** With clean pictures of the person. */
        REFERENCES,
        /** With the picture that it was made from. */
        COUNTERPARTS
    }

    /** How far float32 may carry a value over its end, such as an SSIM of 1.0000001. */
    private static final double SLACK = 1e-4;

    private final String id;
    private final String meaning;
    private final double least;
    private final double most;
    private final Direction better;
    private final Needs needs;
    private final String source;

    Metric(String id, String meaning, double least, double most, Direction better, Needs needs, String source) {
        this.id = id;
        this.meaning = meaning;
        this.least = least;
        this.most = most;
        this.better = better;
        this.needs = needs;
        this.source = source;
    }

    /** The metric that tables and files name so. */
    public static Optional<Metric> of(String id) {
        return Arrays.stream(values()).filter(metric -> metric.id.equals(id)).findAny();
    }

    /** As tables and files name it. */
    public String id() {
        return id;
    }

    public String meaning() {
        return meaning;
    }

    public double least() {
        return least;
    }

    public double most() {
        return most;
    }

    public Direction better() {
        return better;
    }

    public Needs needs() {
        return needs;
    }

    /** Where it comes from. */
    public String source() {
        return source;
    }

    /** The metrics that it is calculated from; none for one that looks at pictures. */
    public List<Metric> madeOf() {
        return switch (this) {
            case IMS -> List.of(IMS_IP, IMS_VGG);
            case Q_LIQE -> List.of(LIQE);
            case Q -> List.of(LIQE, CLIP_IQAC);
            case AVERAGE -> List.of(IMS, Q);
            default -> List.of();
        };
    }

    /** Some metrics with all that they are made of. */
    public static Set<Metric> withParts(Set<Metric> wanted) {
        Set<Metric> all = EnumSet.noneOf(Metric.class);
        for (Metric metric : wanted) {
            all.add(metric);
            all.addAll(withParts(Set.copyOf(metric.madeOf())));
        }
        return all;
    }

    /**
     * @return the value, brought into the range where rounding carried it out
     * @throws ScoreException if it is no number or out of range: such a score is never averaged
     */
    public double check(double value) {
        if (!(value >= least - SLACK && value <= most + SLACK)) {
            throw new ScoreException(id + ": expected " + least + " to " + most + ", found " + value);
        }
        return Math.clamp(value, least, most);
    }
}
